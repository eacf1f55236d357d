/** The sound of a call that comes in: two notes over and over, made by the browser, so that nothing has to be loaded. */

const notes = [
  { hertz: 659.25, at_s: 0 },
  { hertz: 783.99, at_s: 0.22 },
  { hertz: 659.25, at_s: 0.44 },
] as const;
const loudness = 0.14;
const fade_s = 0.5;
const repeated_after_ms = 2_500;

/** Answers how to stop. Before the first click or key in the page, when browsers do not let it sound, nothing is heard. */
export function ring(): () => void {
  const context = new AudioContext();
  const play = () => {
    for (const { hertz, at_s } of notes) {
      const start_s = context.currentTime + at_s;
      const tone = new OscillatorNode(context, { frequency: hertz });
      const volume = new GainNode(context, { gain: 0 });
      volume.gain.setValueAtTime(0, start_s);
      volume.gain.linearRampToValueAtTime(loudness, start_s + 0.01);
      volume.gain.exponentialRampToValueAtTime(0.001, start_s + fade_s);
      tone.connect(volume).connect(context.destination);
      tone.start(start_s);
      tone.stop(start_s + fade_s);
    }
  };
  play();
  const timer = setInterval(play, repeated_after_ms);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
