"""Published models are fetched from a server that may do anything, and installed whole or not."""

import io
import json
import os
import shutil
import stat
import subprocess
import sys
import wave
import zipfile
from functools import partial
from pathlib import Path

import pytest

from os_sim.asr.models import Model, catalog, disk
from os_sim.asr.models.find import find
from os_sim.asr.models.install import install, remove
from os_sim.asr.models.installed import installed_names
from os_sim.asr.models.progress import Stage, progress_bar, quiet
from os_sim.errors import ModelError, UsageError
from tests.models.making import dynamic_model, write, zipped
from tests.models.publisher import Publisher

NAME = "vosk-model-small-en-us-0.15"

INSTALL_ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
from os_sim.asr.models.install import install
from os_sim.errors import ModelError
name, list_url, place, limit = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
try:
    install(name, list_url=list_url, data_dir=Path(place) / "data", cache_dir=Path(place) / "cache")
except ModelError as error:
    print(error)
"""

SHOW_PROGRESS = """
from os_sim.asr.models.progress import progress_bar
with progress_bar() as progress:
    progress("Downloading", 5_000_000, 10_000_000)
"""


class Home:
    """A data and a cache folder, and what is in them."""

    def __init__(self, place: Path, publisher: Publisher) -> None:
        self.data = place / "data"
        self.cache = place / "cache"
        self.install = partial(
            install,
            list_url=publisher.list_url,
            data_dir=self.data,
            cache_dir=self.cache,
            pauses_s=(0, 0),
        )

    def part(self) -> Path:
        return self.cache / "downloads" / f"{NAME}.zip"

    def is_untouched(self) -> bool:
        """Nothing is installed, and nothing half-made lies about."""
        models = self.data / "models"
        return not models.exists() or list(models.iterdir()) == []


@pytest.fixture
def home(tmp_path: Path, publisher: Publisher) -> Home:
    return Home(tmp_path, publisher)


@pytest.fixture(scope="module")
def archive() -> bytes:
    return zipped(NAME, dynamic_model())


@pytest.mark.skipif(not shutil.which("flite"), reason="flite is missing: apt install flite")
def test_an_installed_model_hears(
    tmp_path: Path, home: Home, publisher: Publisher, built_in: Model
) -> None:
    import vosk

    speech = tmp_path / "speech.wav"
    said = "play a melancholy song"
    subprocess.run(["flite", "-voice", "slt", "-t", said, "-o", str(speech)], check=True)
    files = {name: (built_in.path / name).read_bytes() for name in disk.sizes(built_in.path)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as real:
        for name, data in files.items():
            real.writestr(f"{NAME}/{name}", data)
    publisher.publish(NAME, packed.getvalue())
    publisher.cuts = [5_000_000]

    model = home.install(NAME)

    assert (model.origin, model.language, model.takes_grammar) == ("installed", "en-us", True)
    vosk.SetLogLevel(-1)
    with wave.open(str(speech)) as recording:
        recognizer = vosk.KaldiRecognizer(
            vosk.Model(str(model.path)),
            recording.getframerate(),
            json.dumps([said, "play something else", "[unk]"]),
        )
        recognizer.AcceptWaveform(recording.readframes(recording.getnframes()))
    assert json.loads(recognizer.FinalResult())["text"] == said


def test_what_is_installed_is_what_was_published(
    home: Home, publisher: Publisher, archive: bytes
) -> None:
    publisher.publish(NAME, archive)
    model = home.install(NAME)
    for name, data in dynamic_model().items():
        assert (model.path / name).read_bytes() == data
    assert installed_names(home.data) == (NAME,)
    assert find(NAME, data_dir=home.data, cache_dir=home.cache) == model
    assert not home.part().exists()


def test_a_cut_connection_goes_on_where_it_stopped(
    home: Home, publisher: Publisher, archive: bytes
) -> None:
    publisher.publish(NAME, archive)
    publisher.cuts = [100_000, 50_000, 0]
    home.install(NAME)
    expected = [None, "bytes=100000-", "bytes=150000-", "bytes=150000-"]
    assert publisher.asked_ranges == expected
    assert publisher.sent_bytes == len(archive)  # no byte came twice


def test_a_server_that_ignores_ranges_is_borne_with(
    home: Home, publisher: Publisher, archive: bytes
) -> None:
    publisher.publish(NAME, archive)
    publisher.takes_ranges = False
    publisher.cuts = [100_000, 200_000]
    home.install(NAME)
    assert publisher.sent_bytes == 100_000 + 200_000 + len(archive)


def test_every_step_forward_earns_new_attempts(
    home: Home, publisher: Publisher, archive: bytes
) -> None:
    publisher.publish(NAME, archive)
    publisher.cuts = [0, 0, 50_000, 0, 0, 50_000, 0, 0]
    home.install(NAME)
    assert publisher.cuts == []


def test_a_server_that_never_gets_further_is_given_up(
    home: Home, publisher: Publisher, archive: bytes
) -> None:
    publisher.publish(NAME, archive)
    publisher.takes_ranges = False
    publisher.cuts = [100_000] * 10
    with pytest.raises(ModelError, match=r"Gave up .* at 100,000 of .*Run the same command"):
        home.install(NAME)
    assert len(publisher.asked_ranges) == 4  # one that helped, and one more than there are pauses
    assert home.is_untouched()
    assert home.part().stat().st_size == 100_000


def test_what_ctrl_c_interrupts_is_resumed_by_the_next_install(
    home: Home, publisher: Publisher, archive: bytes
) -> None:
    def press_ctrl_c(stage: Stage, done_bytes: int, total_bytes: int) -> None:
        if done_bytes > total_bytes / 2:
            raise KeyboardInterrupt

    publisher.publish(NAME, archive)
    with pytest.raises(KeyboardInterrupt):
        home.install(NAME, progress=press_ctrl_c)
    assert home.is_untouched()
    kept = home.part().stat().st_size
    assert kept > len(archive) / 2
    home.install(NAME)
    assert publisher.asked_ranges == [None, f"bytes={kept}-"]


def test_ctrl_c_while_unpacking_leaves_nothing_half_installed(
    home: Home, publisher: Publisher, archive: bytes
) -> None:
    def press_ctrl_c(stage: Stage, done_bytes: int, total_bytes: int) -> None:
        if stage == "Unpacking":
            raise KeyboardInterrupt

    publisher.publish(NAME, archive)
    with pytest.raises(KeyboardInterrupt):
        home.install(NAME, progress=press_ctrl_c)
    assert home.is_untouched()
    home.install(NAME)
    assert len(publisher.asked_ranges) == 1  # the archive was still there


@pytest.mark.parametrize("claimed", [1_000, 150_000, 10_000_000])
def test_a_wrong_content_length_does_not_matter(
    home: Home, publisher: Publisher, archive: bytes, claimed: int
) -> None:
    publisher.publish(NAME, archive)
    publisher.claimed_length = claimed
    home.install(NAME)


def test_an_archive_shorter_than_announced_is_given_up(
    home: Home, publisher: Publisher, archive: bytes
) -> None:
    publisher.publish(NAME, archive, size=len(archive) + 1)
    with pytest.raises(ModelError, match=f"Gave up .* at {len(archive):,} of"):
        home.install(NAME)
    assert home.is_untouched()


@pytest.mark.parametrize("lie", [{"md5": "0" * 32}, {"size": 200_000}], ids=["md5", "size"])
def test_an_archive_that_is_not_what_was_announced_is_thrown_away(
    home: Home, publisher: Publisher, archive: bytes, lie: dict[str, object]
) -> None:
    def take_no_more_than_announced(stage: Stage, done_bytes: int, total_bytes: int) -> None:
        assert done_bytes <= total_bytes

    publisher.publish(NAME, archive, **lie)
    with pytest.raises(ModelError, match="its checksum differs"):
        home.install(NAME, progress=take_no_more_than_announced)
    assert home.is_untouched()
    assert not home.part().exists()


@pytest.mark.parametrize("kept_bytes", [1_000, 10_000_000])
def test_the_kept_part_of_another_file_is_not_built_upon(
    home: Home, publisher: Publisher, archive: bytes, kept_bytes: int
) -> None:
    publisher.publish(NAME, archive)
    write(home.part().parent, {home.part().name: bytes(kept_bytes)})
    home.install(NAME)


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "a/../../evil",
        "/tmp/evil",
        "..\\evil",
        "C:\\evil",
        "C:evil",
        ".. /evil",
        "am/final.mdl:evil",
        "AM/FINAL.MDL",
        "am/final.mdl/evil",
    ],
)
def test_an_archive_with_a_harmful_path_is_refused(
    tmp_path: Path, home: Home, publisher: Publisher, name: str
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as harmful:
        for file, data in dynamic_model().items():
            harmful.writestr(file, data)
        harmful.writestr(name, b"evil")
    publisher.publish(NAME, packed.getvalue())
    with pytest.raises(ModelError, match="not safe to unpack"):
        home.install(NAME)
    assert home.is_untouched()
    assert not list(tmp_path.rglob("*evil*"))


def test_an_archive_that_hides_a_name_behind_a_null_byte_is_refused(
    home: Home, publisher: Publisher
) -> None:
    packed = zipped(NAME, dynamic_model()).replace(b"final.mdl", b"final\0mdl")
    publisher.publish(NAME, packed)
    with pytest.raises(ModelError, match="not safe to unpack"):
        home.install(NAME)
    assert home.is_untouched()


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_an_archive_with_a_link_or_a_device_is_refused(
    home: Home, publisher: Publisher, kind: int
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as harmful:
        link = zipfile.ZipInfo(f"{NAME}/am")
        link.external_attr = (kind | 0o777) << 16
        harmful.writestr(link, "/etc")
    publisher.publish(NAME, packed.getvalue())
    with pytest.raises(ModelError, match="is a link or a device"):
        home.install(NAME)
    assert home.is_untouched()


def test_an_archive_that_would_fill_the_disk_is_refused(home: Home, publisher: Publisher) -> None:
    publisher.publish(NAME, zipped(NAME, {"am/final.mdl": bytes(20_000_000)}))
    with pytest.raises(ModelError, match="announces 1 files with 20,000,000 bytes"):
        home.install(NAME)
    assert home.is_untouched()


def test_a_damaged_archive_is_refused_even_if_it_was_published_so(
    home: Home, publisher: Publisher, archive: bytes
) -> None:
    damaged = bytearray(archive)
    damaged[len(archive) // 2] ^= 1
    publisher.publish(NAME, bytes(damaged))
    with pytest.raises(ModelError, match="no archive that can be unpacked"):
        home.install(NAME)
    assert home.is_untouched()


def test_an_archive_without_a_whole_model_is_not_installed(
    home: Home, publisher: Publisher
) -> None:
    files = dynamic_model()
    del files["graph/Gr.fst"]
    publisher.publish(NAME, zipped(NAME, files))
    with pytest.raises(ModelError, match=r"graph/Gr\.fst is missing"):
        home.install(NAME)
    assert home.is_untouched()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
@pytest.mark.parametrize("stage", ["download", "unpacking"])
def test_a_full_disk_leaves_nothing_half_installed(
    tmp_path: Path, home: Home, publisher: Publisher, stage: str
) -> None:
    files = dynamic_model()
    files["am/final.mdl"] = bytes(50_000) + files["am/final.mdl"]  # larger than the whole archive
    archive = zipped(NAME, files)
    publisher.publish(NAME, archive)
    limit = "100000" if stage == "download" else str(len(archive) + 1000)
    command = [sys.executable, "-c", INSTALL_ON_A_FULL_DISK, NAME, publisher.list_url]
    result = subprocess.run(
        [*command, str(tmp_path), limit], capture_output=True, text=True, timeout=30
    )
    assert result.stdout.startswith("Can't write the "), result.stderr
    assert result.stdout.count("\n") == 1
    assert home.is_untouched()
    assert home.part().exists()  # to go on from when there is room
    home.install(NAME)


def test_an_unknown_name_is_answered_with_the_nearest_ones(
    home: Home, publisher: Publisher, archive: bytes
) -> None:
    publisher.publish(NAME, archive)
    publisher.publish("vosk-model-small-en-us-0.3", archive, obsolete="true")
    with pytest.raises(UsageError, match=f"Did you mean {NAME}\\?"):
        home.install("vosk-model-en-us")


def test_a_model_the_server_has_lost_is_not_asked_for_again(
    home: Home, publisher: Publisher, archive: bytes
) -> None:
    publisher.publish(NAME, archive, url=f"{publisher.url}/gone.zip")
    with pytest.raises(ModelError, match="the server answered 404"):
        home.install(NAME)


def test_a_busy_server_is_asked_again(home: Home, publisher: Publisher, archive: bytes) -> None:
    publisher.publish(NAME, archive)
    publisher.refusals = [503, 429]
    home.install(NAME)


def test_only_http_addresses_are_followed(home: Home, publisher: Publisher) -> None:
    publisher.publish(NAME, b"x", url="file:///etc/passwd")
    with pytest.raises(ModelError, match="only http and https"):
        home.install(NAME)


def test_what_is_installed_is_not_fetched_again(
    home: Home, publisher: Publisher, archive: bytes
) -> None:
    publisher.publish(NAME, archive)
    model = home.install(NAME)
    publisher.close()
    assert home.install(NAME) == model


def test_a_broken_installed_model_is_repaired_by_installing_it(
    home: Home, publisher: Publisher, archive: bytes
) -> None:
    publisher.publish(NAME, archive)
    model = home.install(NAME)
    os.truncate(model.path / "graph/words.txt", 8)  # at the end of a line: only the size tells
    with pytest.raises(ModelError, match=r"graph/words\.txt has 8 bytes instead of 16"):
        find(NAME, data_dir=home.data, cache_dir=home.cache)
    assert home.install(NAME) == model
    assert find(NAME, data_dir=home.data, cache_dir=home.cache) == model


def test_a_removed_model_is_gone(home: Home, publisher: Publisher, archive: bytes) -> None:
    publisher.publish(NAME, archive)
    home.install(NAME)
    remove(NAME, home.data)
    assert home.is_untouched()


def test_removing_a_link_to_a_model_leaves_the_model(tmp_path: Path, home: Home) -> None:
    model = write(tmp_path / "elsewhere", dynamic_model())
    (home.data / "models").mkdir(parents=True)
    (home.data / "models/linked").symlink_to(model)
    remove("linked", home.data)
    assert home.is_untouched()
    assert (model / "am/final.mdl").exists()


@pytest.mark.parametrize("name", ["nothing", "../outside", ""])
def test_only_what_is_installed_can_be_removed(home: Home, name: str) -> None:
    outside = write(home.data / "outside", dynamic_model())
    write(home.data / "models/mine", dynamic_model())
    with pytest.raises(UsageError, match="Installed: mine"):
        remove(name, home.data)
    assert outside.exists()


def test_the_list_is_remembered_for_when_there_is_no_connection(
    home: Home, publisher: Publisher, archive: bytes
) -> None:
    publisher.publish(NAME, archive)
    assert catalog.remembered(home.cache) == ()
    entries, note = catalog.known(publisher.list_url, home.cache)
    assert ([entry.name for entry in entries], note) == ([NAME], "")
    publisher.close()
    again, note = catalog.known(publisher.list_url, home.cache)
    assert again == entries == catalog.remembered(home.cache)
    assert "as last seen" in note


def test_without_any_list_one_line_says_so(home: Home, publisher: Publisher) -> None:
    publisher.close()
    with pytest.raises(ModelError, match="Can't get the list of speech models") as error:
        catalog.known(publisher.list_url, home.cache)
    assert "\n" not in str(error.value)


def test_odd_records_do_not_spoil_the_list(
    home: Home, publisher: Publisher, archive: bytes
) -> None:
    publisher.publish("../../outside", archive)
    publisher.publish("no-checksum", archive, md5=None)
    publisher.publish("a-speaker-model", archive, type="spk")
    publisher.records += [None, "text", {"name": "nothing else"}]
    publisher.publish(NAME, archive)
    assert [entry.name for entry in catalog.fetch(publisher.list_url, home.cache)] == [NAME]


def test_progress_reaches_the_end_of_every_stage(
    home: Home, publisher: Publisher, archive: bytes
) -> None:
    seen: dict[Stage, tuple[int, int]] = {}

    def note(stage: Stage, done_bytes: int, total_bytes: int) -> None:
        assert done_bytes >= seen.get(stage, (0, 0))[0]
        seen[stage] = (done_bytes, total_bytes)

    publisher.publish(NAME, archive)
    home.install(NAME, progress=note)
    assert list(seen) == ["Downloading", "Checking", "Unpacking"]
    assert all(done == total for done, total in seen.values())


def test_the_progress_bar_is_silent_where_there_is_no_terminal(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with progress_bar() as progress:
        progress("Downloading", 1, 2)
    assert progress is quiet
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_the_progress_bar_shows_how_much_has_come() -> None:
    import pty

    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "100"}
    subprocess.run(
        [sys.executable, "-c", SHOW_PROGRESS], stderr=theirs, env=environment, check=True
    )
    shown = os.read(ours, 65_536).decode()
    assert "Downloading" in shown
    assert "5.0/10.0 MB" in shown
