import { useId } from "react";
import { Switch } from "../checkbox";

export function Toggle({
  label,
  on,
  onChange,
}: {
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
}) {
  const id = useId();
  return (
    <span className="flex items-center gap-2">
      <Switch id={id} checked={on} onCheckedChange={onChange} />
      <label htmlFor={id}>{label}</label>
    </span>
  );
}
