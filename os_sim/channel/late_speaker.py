"""A mouth for the keyboard: silent until there is a song to play, or told to speak."""

from collections.abc import Callable

from os_sim.audio import Track
from os_sim.channel.silence import Silence
from os_sim.dialogue import Mouth
from os_sim.errors import OsSimError
from os_sim.events import Event, Failed


class LateSpeaker:
    """Implements `os_sim.dialogue.Mouth`.

    Loading what makes sound takes longer than all the rest of text mode, so it is left for the
    moment when it is needed.  Without a sound device everything goes on in silence.
    """

    def __init__(
        self,
        silence: Silence,
        open_speaker: Callable[[], Mouth],
        report: Callable[[Event], None],
        speak: bool = False,
    ) -> None:
        """`speak`: say the answers aloud as well."""
        self._open_speaker = open_speaker
        self._report = report
        self._speak = speak
        self._mouth: Mouth = silence
        self._is_open = False

    async def say(self, text: str) -> None:
        if self._speak:
            self._open()
            await self._mouth.say(text)

    def hush(self) -> None:
        self._mouth.hush()

    def start(self, track: Track) -> None:
        self._open()
        self._mouth.start(track)

    async def ended(self) -> None:
        await self._mouth.ended()

    def pause(self) -> None:
        self._mouth.pause()

    def resume(self) -> None:
        self._mouth.resume()

    def stop(self) -> None:
        self._mouth.stop()

    def turn_volume(self, step_db: float) -> float:
        return self._mouth.turn_volume(step_db)

    async def close(self) -> None:
        await self._mouth.close()

    def _open(self) -> None:
        """Open the speaker, once; if there is none, say so and stay silent."""
        if self._is_open:
            return
        self._is_open = True
        try:
            self._mouth = self._open_speaker()
        except OsSimError as error:
            self._report(Failed(type(error).__name__, str(error)))
