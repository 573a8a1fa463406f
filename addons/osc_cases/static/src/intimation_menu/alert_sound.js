import {browser} from "@web/core/browser/browser";

const STORAGE_KEY = "osc_cases.intimation_muted";
const BEEPS = {emergency: 3, urgent: 2, routine: 1};
const BEEP_SECONDS = 0.18;

/**
 * A short tone, made in the browser so that no file has to be loaded.
 *
 * Browsers keep silent until the page was clicked or typed in once.
 */
export class AlertSound {
    static get muted() {
        return browser.localStorage.getItem(STORAGE_KEY) === "1";
    }

    static set muted(muted) {
        browser.localStorage.setItem(STORAGE_KEY, muted ? "1" : "0");
    }

    play(urgency) {
        if (AlertSound.muted || !window.AudioContext) {
            return;
        }
        this.audio ||= new window.AudioContext();
        for (let beep = 0; beep < BEEPS[urgency]; beep++) {
            this._beep(this.audio.currentTime + beep * BEEP_SECONDS * 1.6);
        }
    }

    _beep(at) {
        const tone = this.audio.createOscillator();
        const volume = this.audio.createGain();
        tone.frequency.value = 880;
        volume.gain.setValueAtTime(0.2, at);
        volume.gain.exponentialRampToValueAtTime(0.001, at + BEEP_SECONDS);
        tone.connect(volume).connect(this.audio.destination);
        tone.start(at);
        tone.stop(at + BEEP_SECONDS);
    }
}
