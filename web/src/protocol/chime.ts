/** The sound of a message that comes: two soft notes, made by the browser, so that nothing has to be loaded. */

const notes = [
  { hertz: 587.33, at_s: 0 },
  { hertz: 880, at_s: 0.09 },
];
const loudness = 0.12;
const fade_s = 0.35;

let context: AudioContext | null = null;

/** Says nothing before the first click or key in the page, when browsers do not let it. */
export function chime(): void {
  context ??= new AudioContext();
  if (context.state === "suspended") {
    void context.resume();
    return;
  }
  for (const { hertz, at_s } of notes) play(context, hertz, context.currentTime + at_s);
}

function play(audio: AudioContext, hertz: number, start_s: number): void {
  const tone = new OscillatorNode(audio, { frequency: hertz });
  const volume = new GainNode(audio, { gain: 0 });
  volume.gain.setValueAtTime(0, start_s);
  volume.gain.linearRampToValueAtTime(loudness, start_s + 0.01);
  volume.gain.exponentialRampToValueAtTime(0.001, start_s + fade_s);
  tone.connect(volume).connect(audio.destination);
  tone.start(start_s);
  tone.stop(start_s + fade_s);
}
