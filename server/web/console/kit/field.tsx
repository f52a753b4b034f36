import { CircleAlert } from "lucide-react";
import { Label as Primitive } from "radix-ui";
import { cloneElement, type ReactElement, type ReactNode, useId } from "react";
import { cn } from "./cn";

type ControlProps = {
  id?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: boolean;
  "aria-required"?: boolean;
};

/** Label above, help and error under the control. Wires id, description and invalid state into its one child. */
export function Field({
  label,
  help,
  error,
  optional,
  required,
  className,
  children,
}: {
  label: ReactNode;
  help?: ReactNode;
  error?: ReactNode;
  /** The word for "optional", shown beside the label. */
  optional?: string;
  required?: boolean;
  className?: string;
  children: ReactElement<ControlProps>;
}) {
  const id = useId();
  const control = children.props.id ?? `${id}control`;
  const helpId = `${id}help`;
  const errorId = `${id}error`;
  const described = [help ? helpId : null, error ? errorId : null].filter(Boolean).join(" ");
  return (
    <div className={cn("flex flex-col gap-1.5", className)}>
      <Primitive.Root htmlFor={control} className="flex gap-1.5 text-compact font-semibold text-ink">
        {label}
        {optional && <span className="font-normal text-ink-3">{optional}</span>}
      </Primitive.Root>
      {cloneElement(children, {
        id: control,
        "aria-describedby": described || undefined,
        "aria-invalid": error ? true : undefined,
        "aria-required": required || undefined,
      })}
      {help && (
        <p id={helpId} className="text-small text-ink-3">
          {help}
        </p>
      )}
      {error && (
        <p id={errorId} role="alert" className="flex items-start gap-1.5 text-small text-bad">
          <CircleAlert className="mt-px size-3.5 shrink-0" aria-hidden="true" />
          <span>{error}</span>
        </p>
      )}
    </div>
  );
}
