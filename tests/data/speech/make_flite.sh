#!/bin/sh
# Speaks the test sentences with flite's four voices and with espeak-ng, as 16 kHz mono FLAC.
#
# Needs the Debian packages flite, espeak-ng, sox.  Run anywhere; writes beside itself:
#   flite/<voice>/<sentence-with-dashes>.flac
set -eu
cd "$(dirname "$0")"
say() { # say VOICE SENTENCE RENDER...: RENDER writes a WAV file to its last argument
    voice=$1 sentence=$2
    shift 2
    flac=flite/$voice/$(printf '%s' "$sentence" | tr ' ' '-').flac
    mkdir -p "$(dirname "$flac")"
    "$@" "$wav"
    # A little hush around it, as a microphone would catch; -R: the same file every time.
    sox -R "$wav" -b 16 -r 16000 -c 1 "$flac" pad 0.3 0.5
}
wav=$(mktemp --suffix=.wav)
trap 'rm -f "$wav"' EXIT

for voice in slt rms awb kal16; do
    for sentence in "play a melancholy song" "next" "stop" "who directed her" \
        "write a letter" "who wrote her" "what can you do" "pause" "resume" "louder" "good night"; do
        say "$voice" "$sentence" flite -voice "$voice" -t "$sentence" -o
    done
done
for sentence in "play a melancholy song" "next" "stop" "who directed her"; do
    say espeak-ng "$sentence" espeak-ng -v en-us "$sentence" -w
done
