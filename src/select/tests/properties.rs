//! What is true of every selection.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::criteria::varied;
use super::*;
use crate::catalog::MediaKind;
use crate::fields::Engine;

/// A criterion and what is its opposite.
type Pair = (fn(&mut Selection), fn(&mut Selection));

fn one(word: &str) -> Vec<String> {
    vec![word.to_owned()]
}

fn condition(text: &str) -> Option<crate::fields::Predicate> {
    Some(Engine::new().compile_expression(text).unwrap())
}

const PAIRS: &[Pair] = &[
    (|s| s.favorite = Some(true), |s| s.favorite = Some(false)),
    (|s| s.edited = Some(true), |s| s.edited = Some(false)),
    (|s| s.located = Some(true), |s| s.located = Some(false)),
    (|s| s.kinds = vec![MediaKind::Video], |s| s.not_kinds = vec![MediaKind::Video]),
    (|s| s.smart = vec![Smart::Videos, Smart::Places], |s| s.not_smart = vec![Smart::Videos, Smart::Places]),
    (|s| s.persons = one("Ada*"), |s| s.not_persons = one("Ada*")),
    (|s| s.keywords = one("sun"), |s| s.not_keywords = one("sun")),
    (|s| s.cameras = one("iPhone"), |s| s.not_cameras = one("iPhone")),
    (|s| s.importers = one("WhatsApp"), |s| s.not_importers = one("WhatsApp")),
    (|s| s.years = vec![2024], |s| s.not_years = vec![2024]),
    (|s| s.near = vec!["42,12.5,20".parse().unwrap()], |s| s.not_near = vec!["42,12.5,20".parse().unwrap()]),
    (|s| s.names = vec!["IMG_000[1-4]*".into()], |s| s.not_names = vec!["IMG_000[1-4]*".into()]),
    (
        |s| s.condition = condition("size > 2000 or selfie"),
        |s| s.condition = condition("not (size > 2000 or selfie)"),
    ),
];

/// A selection of some of these, in addition to others that have no opposite.
fn selection(which: &[usize], policies: [Policy; 4], bursts: Bursts) -> Selection {
    let [hidden, trashed, shared, orphans] = policies;
    let mut selection = Selection { hidden, trashed, shared, orphans, bursts, ..Selection::default() };
    for n in which {
        let (yes, no) = PAIRS[n / 2 % PAIRS.len()];
        if n % 2 == 0 { yes(&mut selection) } else { no(&mut selection) }
    }
    selection
}

fn policy() -> impl Strategy<Value = Policy> {
    prop_oneof![Just(Policy::Include), Just(Policy::Exclude), Just(Policy::Only)]
}

fn policies() -> impl Strategy<Value = [Policy; 4]> {
    [policy(), policy(), policy(), policy()]
}

fn bursts() -> impl Strategy<Value = Bursts> {
    prop_oneof![Just(Bursts::All), Just(Bursts::Picks), Just(Bursts::Key)]
}

fn items(selection: &Selection) -> Vec<usize> {
    select(&varied(), selection).unwrap().items
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(11), ..ProptestConfig::default() })]

    #[test]
    fn a_criterion_and_its_opposite_share_out_the_rest(
        pair in 0..PAIRS.len(),
        others in proptest::collection::vec(0..PAIRS.len() * 2, 0..3),
        policies in policies(),
        bursts in bursts(),
    ) {
        // Another use of the same field would replace the criterion.
        let others: Vec<usize> = others.into_iter().filter(|n| n / 2 != pair).collect();
        let all = selection(&others, policies, bursts);
        let (mut yes, mut no) = (all.clone(), all.clone());
        PAIRS[pair].0(&mut yes);
        PAIRS[pair].1(&mut no);
        let (yes, no) = (items(&yes), items(&no));
        prop_assert!(yes.iter().all(|index| !no.contains(index)));
        let mut both = [yes, no].concat();
        both.sort_unstable();
        prop_assert_eq!(both, items(&all));
    }

    #[test]
    fn two_criteria_mean_what_both_mean(
        one in 0..PAIRS.len() * 2,
        other in 0..PAIRS.len() * 2,
        policies in policies(),
    ) {
        prop_assume!(one / 2 != other / 2);
        let only = |n: &[usize]| items(&selection(n, policies, Bursts::All));
        let (a, b) = (only(&[one]), only(&[other]));
        let both: Vec<usize> = a.into_iter().filter(|index| b.contains(index)).collect();
        prop_assert_eq!(only(&[one, other]), both);
    }

    #[test]
    fn every_item_is_counted_once(
        which in proptest::collection::vec(0..PAIRS.len() * 2, 0..4),
        policies in policies(),
        bursts in bursts(),
    ) {
        let selection = selection(&which, policies, bursts);
        let got = select(&varied(), &selection).unwrap();
        let open = Selection {
            hidden: Policy::Include,
            trashed: Policy::Include,
            shared: Policy::Include,
            shared_with_you: Policy::Include,
            orphans: Policy::Include,
            bursts: Bursts::All,
            ..selection
        };
        let LeftOut { trashed, shared, shared_with_you, orphans, elsewhere, hidden, others, bursts, protected, streams } = got.left_out;
        let left_out =
            trashed + shared + shared_with_you + orphans + elsewhere + hidden + others + bursts + protected + streams;
        prop_assert_eq!(got.items.len() + left_out, items(&open).len());
        prop_assert!(got.items.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn the_newest_are_the_last_of_them(count in 0_usize..12, which in proptest::collection::vec(0..PAIRS.len() * 2, 0..2)) {
        let all = selection(&which, [Policy::Include; 4], Bursts::All);
        let dated = |index: &usize| varied().items[*index].taken.is_some();
        // Without the one that has no date, the order of the catalogue is that of time.
        let expected: Vec<usize> = items(&all).into_iter().filter(dated).collect();
        let got = items(&Selection { last: Some(count), ..all });
        let got: Vec<usize> = got.into_iter().filter(dated).collect();
        prop_assert_eq!(got.as_slice(), &expected[expected.len().saturating_sub(count)..]);
    }
}
