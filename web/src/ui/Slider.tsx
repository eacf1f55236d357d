import "./slider.css";
import { useId, type CSSProperties } from "react";

type SliderProps = {
  label: string;
  min: number;
  max: number;
  step: number;
  value: number;
  /** The value in words: "110 %". */
  shown: string;
  onChange: (value: number) => void;
};

export function Slider({ label, min, max, step, value, shown, onChange }: SliderProps) {
  const id = useId();
  const filled: CSSProperties & { "--filled": number } = { "--filled": (value - min) / (max - min) };
  return (
    <div className="slider">
      <label className="slider-label" htmlFor={id}>
        {label}
      </label>
      <output className="slider-value" htmlFor={id}>
        {shown}
      </output>
      <input
        id={id}
        type="range"
        className="slider-track"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={shown}
        style={filled}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
    </div>
  );
}
