#!/usr/bin/env python3
"""Checks exported music against what is known of the phone: independent of the exporter, with nothing but Python.

    check_music.py [--exact] TRUTH MEDIA_ROOT DESTINATION

TRUTH is the JSON that the maker of the library wrote, MEDIA_ROOT the phone's media folder, DESTINATION what was
exported with `music --all --tag`. With --exact it was exported without `--tag`: files are the same bit for bit, and
tags are not looked at. What is wrong is printed, one thing a line; the exit code is 1 then. Tags are read by ExifTool,
which is left out with a remark if it is not installed and IEXPORT_REQUIRE_PEERS is not set.
"""

import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter, defaultdict

SONGS = {".m4a", ".m4p", ".mp3", ".aif", ".aiff", ".wav", ".aac", ".mp4"}
WRONG = []


def wrong(text):
    WRONG.append(text)


# The sound of a file, whatever tags lie round it.


def mp4_sound(data):
    """The payloads of all `mdat` boxes."""
    at, sound = 0, b""
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            size, head = struct.unpack_from(">Q", data, at + 8)[0], 16
        elif size == 0:
            size = len(data) - at
        if size < head or at + size > len(data):
            raise ValueError(f"a box of {size} bytes at {at}")
        if kind == b"mdat":
            sound += data[at + head : at + size]
        at += size
    return sound


def mp3_sound(data):
    """What is between ID3v2 and ID3v1."""
    start, end = 0, len(data)
    while data[start : start + 3] == b"ID3":
        size = 0
        for byte in data[start + 6 : start + 10]:
            size = size << 7 | byte & 0x7F
        start += 10 + size + (10 if data[start + 5] & 0x10 else 0)
    if data[end - 128 : end - 125] == b"TAG":
        end -= 128
    sound = data[start:end]
    # What an ID3v2 tag leaves empty behind it is no sound.
    return sound.lstrip(b"\0")


def chunk_sound(data, order, sound):
    """The chunk of this name of an IFF or RIFF file."""
    at = 12
    while at + 8 <= len(data):
        kind, size = struct.unpack_from(order + "4sI", data, at)
        if at + 8 + size > len(data):
            raise ValueError(f"a chunk of {size} bytes at {at}")
        if kind == sound:
            return data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    raise ValueError(f"no {sound!r}")


def sound_of(path):
    """A fingerprint of the sound."""
    with open(path, "rb") as file:
        data = file.read()
    if data[4:8] == b"ftyp":
        sound = mp4_sound(data)
    elif data[:4] == b"FORM":
        sound = chunk_sound(data, ">", b"SSND")
    elif data[:4] == b"RIFF":
        sound = chunk_sound(data, "<", b"data")
    else:
        sound = mp3_sound(data)
    if not sound:
        raise ValueError("no sound")
    return hashlib.sha256(sound).hexdigest()


def sha256_of(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


# Names: what a drive cannot hold is replaced by what looks like it, and there are suffixes.


def letters(text):
    """Letters and digits only, in one form and case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in unicodedata.normalize("NFKC", folded) if c.isalnum())


def corresponds(name, text):
    """Whether a name on the drive can have come from a text: it may be cut off, and may have a suffix."""
    theirs, ours = letters(name), letters(text)
    if not ours:
        return True
    bare = letters(re.sub(r"([ _]*\(\d+\)|[-_ ](\d+|[0-9A-F]{4,}))$", "", name))
    # Long names are cut off in the middle of everything, but not before there is a good deal of them.
    return theirs == ours or bare == ours or any(len(n) >= 20 and ours.startswith(n) for n in (theirs, bare))


def one_line(text):
    return "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)


# The parts of the check.


def walk(root):
    """All files below a folder by their paths, `/` between the names; not the exporter's own folder."""
    found = []
    for folder, folders, files in os.walk(root):
        if folder == root and ".iexport" in folders:
            folders.remove(".iexport")
        found += [os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/") for name in files]
    return sorted(found)


def counts(playlist):
    """Whether it is a playlist that is written: the user's, and smart ones whose members the phone keeps."""
    return playlist["is_users"] or playlist["kind"] == "smart" and playlist["items"]


def match_songs(truth, media, dest, files, exact):
    """Finds every song on the drive by its content. Gives the files by item and the items by file."""
    songs = [item for item in truth["items"] if item["media_type"] == "song"]
    in_lists = {pid for playlist in truth["playlists"] if counts(playlist) for pid in playlist["items"]}
    by_content, pids = {}, {}
    for item in truth["items"]:
        if item["sha256"] is None:
            continue
        path = os.path.join(media, item["device_path"])
        if sha256_of(path) != item["sha256"]:
            wrong(f"phone: {item['device_path']} was changed")
        if item["media_type"] != "song":
            continue
        content = item["sha256"] if exact else sound_of(path)
        if content in by_content:
            wrong(f"truth: {item['device_path']} and {by_content[content]['device_path']} are one sound")
        by_content[content] = item
        pids[item["pid"]] = item

    on_drive, item_of = defaultdict(list), {}
    for name in files:
        if os.path.splitext(name)[1].lower() not in SONGS:
            continue
        path = os.path.join(dest, name)
        try:
            item = by_content.get(sha256_of(path) if exact else sound_of(path))
        except (ValueError, struct.error) as error:
            wrong(f"{name}: {error}")
            continue
        if item is None:
            wrong(f"{name}: no song of the phone")
            continue
        is_left_over = item["state"] == "not_in_library" and item["pid"] in in_lists
        if item["state"] != "on_phone" and not is_left_over:
            wrong(f"{name}: is {item['state']}, and should not be here")
        if os.path.splitext(name)[1].lower() != os.path.splitext(item["device_path"])[1].lower():
            wrong(f"{name}: was {item['device_path']}")
        on_drive[item["pid"]].append(name)
        item_of[name] = item
    for item in songs:
        names = on_drive.get(item["pid"], [])
        if item["state"] == "on_phone" and not names:
            wrong(f"{item['device_path']} ({item['title']!r}) is not on the drive")
        if len(names) > 1:
            wrong(f"{item['device_path']} is there {len(names)} times: {names}")
    return on_drive, item_of


def check_names(item_of):
    """Artist/Album/03 Title."""
    folders = defaultdict(set)
    for name, item in item_of.items():
        parts = name.split("/")
        if len(parts) != 3:
            wrong(f"{name}: not Artist/Album/Title")
            continue
        stem = os.path.splitext(parts[2])[0]
        on_phone = os.path.splitext(os.path.basename(item["device_path"]))[0]
        # What has no title keeps the name it has on the phone.
        number = item["track"][0] if item["title"] or not corresponds(stem, on_phone) else 0
        if number:
            found = re.match(r"(?:(\d+)-)?(\d+)(?![^\W_])", stem)
            if not found or int(found[2]) != number:
                wrong(f"{name}: is number {number}")
            else:
                if found[1] and int(found[1]) != item["disc"][0]:
                    wrong(f"{name}: is on disc {item['disc'][0]}")
                stem = stem[found.end() :]
        if not corresponds(stem, item["title"]):
            wrong(f"{name}: is called {item['title']!r}")
        if item["album"]:
            if not corresponds(parts[1], item["album"]):
                wrong(f"{name}: is on {item['album']!r}")
            if item["compilation"] != (parts[0] == "Compilations"):
                wrong(f"{name}: compilation: {item['compilation']}")
            folders[item["album_pid"], item["album_artist"]].add("/".join(parts[:2]))
        artist = item["album_artist"] or item["artist"]
        if parts[0] != "Compilations" and artist and not corresponds(parts[0], artist):
            wrong(f"{name}: is by {artist!r}")
    for (_, album_artist), paths in folders.items():
        if len(paths) > 1 and album_artist:
            wrong(f"one album in {len(paths)} folders: {sorted(paths)}")


def read_list(dest, name, files, item_of):
    """Title and items of a list."""
    with open(os.path.join(dest, name), "rb") as file:
        data = file.read()
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        wrong(f"{name}: not UTF-8")
        return None, []
    if lines[0] != "#EXTM3U":
        wrong(f"{name}: no #EXTM3U")
    titles = [line[len("#PLAYLIST:") :] for line in lines if line.startswith("#PLAYLIST:")]
    if len(titles) != 1:
        wrong(f"{name}: {len(titles)} titles")
    items = []
    for line in lines:
        if not line or line.startswith("#"):
            continue
        if line.startswith("/") or "\\" in line:
            wrong(f"{name}: not relative: {line}")
        target = os.path.normpath(os.path.join(os.path.dirname(name), line)).replace(os.sep, "/")
        # Not by asking whether it exists: not every drive minds how a name is written.
        if target not in files:
            wrong(f"{name}: there is no {line}")
        elif target not in item_of:
            wrong(f"{name}: no song: {line}")
        else:
            items.append(item_of[target]["pid"])
    return (titles or [None])[0], items


def check_lists(truth, dest, files, on_drive, item_of):
    """Every playlist is there once, in its folder, with its songs in their order."""
    wanted = defaultdict(list)
    for playlist in filter(counts, truth["playlists"]):
        items = tuple(pid for pid in playlist["items"] if pid in on_drive)
        wanted[one_line(playlist["path"][-1]), items].append(playlist["path"])
    known = set(files)
    folders, count = defaultdict(set), 0
    for name in files:
        if not name.lower().endswith(".m3u8"):
            continue
        count += 1
        title, items = read_list(dest, name, known, item_of)
        parts = name[: -len(".m3u8")].split("/")
        if parts[0] != "Playlists":
            wrong(f"{name}: not below Playlists")
            continue
        fits = [
            path
            for path in wanted.get((title, tuple(items)), [])
            if len(path) == len(parts) - 1 and all(map(corresponds, parts[1:], path))
        ]
        if not fits:
            wrong(f"{name}: {title!r} with these {len(items)} songs is no playlist of this folder")
            continue
        wanted[title, tuple(items)].remove(fits[0])
        folders[tuple(fits[0][:-1])].add(tuple(parts[1:-1]))
    for (_, items), paths in wanted.items():
        for path in paths:
            wrong(f"playlist {path} of {len(items)} songs is not on the drive")
    for path, found in folders.items():
        if len(found) > 1:
            wrong(f"playlists of {path} are in {sorted(found)}")
    if len(set(map(frozenset, folders.values()))) != len(folders):
        wrong("playlists of two folders are in one")
    return count


def check_covers(dest, files, item_of):
    """Every cover is a picture of a song beside it, and an album of songs with pictures has one."""
    beside = defaultdict(list)
    for name, item in item_of.items():
        beside[os.path.dirname(name)].append(item)
    covered = Counter()
    for name in files:
        folder, base = os.path.split(name)
        if not re.fullmatch(r"cover\.(jpg|png|heic)", base):
            continue
        covered[folder] += 1
        pictures = {item["artwork"]["sha256"] for item in beside[folder] if item["artwork"]}
        if sha256_of(os.path.join(dest, name)) not in pictures:
            wrong(f"{name}: no picture of the songs beside it")
    for folder, items in beside.items():
        is_album = all(item["album"] for item in items)
        if is_album and any(item["artwork"] for item in items) and not covered[folder]:
            wrong(f"{folder}: no cover")
        if covered[folder] > 1:
            wrong(f"{folder}: {covered[folder]} covers")
    return sum(covered.values())


# Tags. What ExifTool calls them in MP4, ID3, RIFF and AIFF; what it works out itself and what the file system says
# is none.
NOT_TAGS = {"ExifTool", "System", "File", "Composite", "MPEG", "Track1", "QuickTime", "AIFF"}
NAMES = {
    "title": ["Title", "Name"],
    "artist": ["Artist", "Author"],
    "album": ["Album", "Product"],
    "album_artist": ["AlbumArtist", "Band"],
    "composer": ["Composer"],
    "genre": ["Genre"],
    "year": ["ContentCreateDate", "Year", "RecordingTime", "DateCreated"],
    "track": ["TrackNumber", "Track"],
    "disc": ["DiskNumber", "PartOfSet"],
    "picture": ["CoverArt", "Picture"],
}


def exiftool(paths):
    """The tags of files, by path."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".args") as arguments:
        arguments.write("".join(f"{path}\n" for path in paths))
        arguments.flush()
        options = ["-j", "-a", "-G1", "-charset", "utf8", "-charset", "filename=utf8", "-@", arguments.name]
        done = subprocess.run(["exiftool", *options], capture_output=True, check=False)
    if not done.stdout:
        sys.exit(f"exiftool: {done.stderr.decode(errors='replace')}")
    read = json.loads(done.stdout, parse_int=str, parse_float=str)
    return {one["SourceFile"]: one for one in read}


def tags(read):
    """What is a tag of what was read, by group and name."""
    pairs = ((key.partition(":"), value) for key, value in read.items())
    return {(group, name): str(value) for (group, colon, name), value in pairs if colon and group not in NOT_TAGS}


def said(tags_of_file, field):
    return [value for (_, name), value in tags_of_file.items() if name in NAMES[field]]


def expected(item, field):
    """What the catalogue says, as it can stand in a tag; nothing: it says nothing."""
    value = item[field]
    if field in ("track", "disc"):
        return tuple(value) if value[0] else None
    if field == "year":
        return str(value) if value else None
    text = "".join(" " if unicodedata.category(c) == "Cc" else c for c in value or "").strip()
    return text or None


def as_expected(field, value):
    """What a tag says, in the form that `expected` has."""
    numbers = [int(number) for number in re.findall(r"\d+", value)]
    if field in ("track", "disc"):
        return tuple((numbers + [0, 0])[:2])
    if field == "picture":
        return str(numbers[0]) if numbers else value
    return value


def pictures_of(truth, media):
    """Sizes of the pictures that tags can hold, of every album."""
    kinds, sizes = {}, defaultdict(set)
    for item in truth["items"]:
        if not item["artwork"]:
            continue
        path = item["artwork"]["device_path"]
        if path not in kinds:
            with open(os.path.join(media, path), "rb") as file:
                head = file.read(8)
            kinds[path] = head[:2] == b"\xff\xd8" or head[1:4] == b"PNG"
        if kinds[path]:
            sizes[item["pid"]].add(str(item["artwork"]["size"]))
            sizes["album", item["album_pid"]].add(str(item["artwork"]["size"]))
    return sizes


def ffprobe(path, field):
    """A second opinion on what ExifTool misreads."""
    if not shutil.which("ffprobe"):
        return None
    options = ["-v", "error", "-show_entries", "format_tags", "-of", "json"]
    done = subprocess.run(["ffprobe", *options, path], capture_output=True, check=False)
    read = json.loads(done.stdout or b"{}").get("format", {}).get("tags", {})
    return {name.lower(): value for name, value in read.items()}.get(field)


def is_misread(text):
    """Whether ExifTool misreads a text in UTF-16: zeros that are halves of two letters end it, and pairs are no letter."""
    return isinstance(text, str) and any(ord(c) > 255 and ord(c) % 256 == 0 or ord(c) > 0xFFFF for c in text)


def check_tags(truth, media, dest, item_of):
    """What the phone's file said of itself is unchanged; what it did not say is as in the catalogue."""
    if not shutil.which("exiftool"):
        if os.environ.get("IEXPORT_REQUIRE_PEERS") is not None:
            sys.exit("exiftool is not installed")
        print("left out: exiftool is not installed")
        return 0
    ours = exiftool([os.path.join(dest, name) for name in item_of])
    theirs = exiftool([os.path.join(media, item["device_path"]) for item in item_of.values()])
    pictures = pictures_of(truth, media)
    filled = 0
    for name, item in item_of.items():
        read = ours.get(os.path.join(dest, name))
        if read is None:
            wrong(f"{name}: ExifTool read nothing")
            continue
        if "ExifTool:Error" in read:
            wrong(f"{name}: {read['ExifTool:Error']}")
        now, before = tags(read), tags(theirs[os.path.join(media, item["device_path"])])
        for key, value in before.items():
            if now.get(key) != value:
                wrong(f"{name}: {':'.join(key)} was {value!r}, is {now.get(key)!r}")
        for field in NAMES:
            own, new = said(before, field), said(now, field)
            if own:
                if set(new) - set(own):
                    wrong(f"{name}: {field} was {own}, is {new}")
                continue
            found = {as_expected(field, one) for one in new}
            filled += len(found)
            if field == "picture":
                # That of the song; or else that of its album, if the catalogue says that the album has one.
                own = pictures[item["pid"]]
                one_of = own or pictures["album", item["album_pid"] if item["album"] else None]
                if own and not found or found - one_of or len(found) > 1:
                    wrong(f"{name}: picture is {new}, not one of {one_of}")
                continue
            value = expected(item, field)
            if found != ({value} if value else set()):
                if is_misread(value) and ffprobe(os.path.join(dest, name), field) == value:
                    continue
                wrong(f"{name}: {field} is {new}, not {value!r}")
    return filled


def main():
    arguments = sys.argv[1:]
    exact = arguments[:1] == ["--exact"]
    truth_path, media, dest = arguments[1:] if exact else arguments
    with open(truth_path, encoding="utf-8") as file:
        truth = json.load(file)
    files = walk(dest)
    for name in files:
        base = os.path.basename(name)
        is_known = os.path.splitext(base)[1].lower() in SONGS | {".m3u8"} or base.startswith("cover.")
        if not is_known:
            wrong(f"{name}: what is this?")
    on_drive, item_of = match_songs(truth, media, dest, files, exact)
    check_names(item_of)
    lists = check_lists(truth, dest, files, on_drive, item_of)
    covers = check_covers(dest, files, item_of)
    filled = 0 if exact else check_tags(truth, media, dest, item_of)
    for line in WRONG[:200]:
        print(line.encode("utf-8", "backslashreplace").decode())
    print(f"{len(item_of)} songs, {lists} playlists, {covers} covers, {filled} tags filled in: {len(WRONG)} wrong")
    return 1 if WRONG else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(main())
