// The sound of a new message: two soft notes. A browser plays them only where somebody has touched the page
// before. Keeps only the sound's context.

const CHIME = [
  { pitch: 660, at: 0 },
  { pitch: 880, at: 0.14 },
];
const NOTE_S = 0.35;
const VOLUME = 0.14;

/** @type {AudioContext | undefined} */
let audio;

export function playSound() {
  audio ??= new AudioContext();
  audio.resume().catch(() => {});
  for (const { pitch, at } of CHIME) play(audio, pitch, audio.currentTime + at);
}

/** @param {AudioContext} context @param {number} pitch @param {number} at */
function play(context, pitch, at) {
  const volume = context.createGain();
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(VOLUME, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, at + NOTE_S);
  const tone = new OscillatorNode(context, { type: "sine", frequency: pitch });
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + NOTE_S);
}
