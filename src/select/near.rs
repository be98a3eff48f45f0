//! Places, and what is near them.

use std::str::FromStr;

use thiserror::Error;

/// A circle on the earth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// In metres.
    pub radius_m: f64,
}

/// What is no place.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\"{}\" is no place: {why}", text.escape_debug())]
pub struct NoPlace {
    /// As the person wrote it.
    text: String,
    /// What is wrong with it.
    why: &'static str,
}

/// `LAT,LON,RADIUS`, the radius in kilometres or with `m`, `km` or `mi` behind it.
impl FromStr for Near {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let wrong = |why| NoPlace { text: text.to_owned(), why };
        let parts: Vec<&str> = text.split(',').map(str::trim).collect();
        let [lat, lon, radius] = parts.as_slice() else {
            return Err(wrong("it takes three numbers, LAT,LON,RADIUS"));
        };
        let degrees =
            |text: &str, most: f64| text.parse::<f64>().ok().filter(|degrees| degrees.abs() <= most);
        let lat = degrees(lat, 90.0).ok_or_else(|| wrong("the first number is degrees north, -90 to 90"))?;
        let lon =
            degrees(lon, 180.0).ok_or_else(|| wrong("the second number is degrees east, -180 to 180"))?;
        let radius_m = metres(radius).ok_or_else(|| {
            wrong("the third number is the radius, in kilometres or with m, km or mi behind it")
        })?;
        Ok(Self { lat, lon, radius_m })
    }
}

fn metres(text: &str) -> Option<f64> {
    let text = text.to_ascii_lowercase();
    let units = [("km", 1000.0), ("mi", 1609.344), ("m", 1.0), ("", 1000.0)];
    let (number, factor) =
        units.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))?;
    let radius = number.trim_end().parse::<f64>().ok()? * factor;
    (radius > 0.0 && radius.is_finite()).then_some(radius)
}

/// Mean radius of the earth, in metres.
const EARTH: f64 = 6_371_008.8;

impl Near {
    /// Whether a place, in degrees north and east, is in the circle.
    #[must_use]
    pub fn contains(&self, (lat, lon): (f64, f64)) -> bool {
        // The haversine formula: exact enough for small and large circles, and at the poles.
        let half = |a: f64, b: f64| ((b - a).to_radians() / 2.0).sin().powi(2);
        let h =
            self.lat.to_radians().cos() * lat.to_radians().cos() * half(self.lon, lon) + half(self.lat, lat);
        2.0 * EARTH * h.clamp(0.0, 1.0).sqrt().asin() <= self.radius_m
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles() {
        let berlin: Near = "52.52, 13.405, 30".parse().unwrap();
        assert!(berlin.contains((52.39, 13.06)), "Potsdam is 27 km away");
        assert!(!berlin.contains((51.05, 13.74)), "Dresden is not");
        let date_line: Near = "0,179.9,50km".parse().unwrap();
        assert!(date_line.contains((0.0, -179.9)));
        let pole: Near = "90,0,120km".parse().unwrap();
        assert!(pole.contains((89.0, 77.0)) && !pole.contains((88.0, 77.0)));
        assert!("0,0,1m".parse::<Near>().unwrap().contains((0.0, 0.0)));
        assert!("0,0,30000".parse::<Near>().unwrap().contains((0.0, 180.0)), "the other side of the earth");
    }

    #[test]
    fn units() {
        let radius = |text: &str| format!("1,2,{text}").parse::<Near>().unwrap().radius_m;
        assert_eq!((radius("2"), radius("2km"), radius("2 KM")), (2000.0, 2000.0, 2000.0));
        assert_eq!((radius("500m"), radius("1mi"), radius(".5")), (500.0, 1609.344, 500.0));
    }

    #[test]
    fn what_is_no_place() {
        for text in [
            "", "1,2", "1,2,3,4", "91,0,1", "0,181,1", "0,0,0", "0,0,-1", "a,b,c", "0,0,nan", "0,0,1x",
            "nan,0,1",
        ] {
            let error = text.parse::<Near>().unwrap_err();
            assert!(error.to_string().contains("is no place"), "{text}");
        }
    }
}
