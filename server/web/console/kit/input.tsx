import { cva, type VariantProps } from "class-variance-authority";
import { Eye, EyeOff, Search, X } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./button";
import { cn } from "./cn";

export const inputStyles = cva(
  "w-full min-w-0 rounded-lg border border-line-strong bg-raised text-body text-ink transition-colors duration-120 aria-invalid:border-bad disabled:bg-sunken disabled:text-ink-3 [&[readonly]]:bg-sunken max-md:text-[16px]",
  { variants: { size: { sm: "h-8 px-2.5", md: "h-9 px-3 max-md:h-11" } }, defaultVariants: { size: "md" } },
);

export function Input({
  className,
  size,
  ...rest
}: Omit<ComponentProps<"input">, "size"> & VariantProps<typeof inputStyles>) {
  // Empty, a field reads as the page does, so that its placeholder stands where the text will begin.
  const dir = rest.dir === "auto" && rest.value === "" ? undefined : rest.dir;
  return <input className={cn(inputStyles({ size }), className)} {...rest} dir={dir} />;
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={cn(inputStyles(), "h-auto! min-h-20 resize-y py-2", className)} {...rest} />;
}

/** A password field whose text can be shown. Paste is never prevented. */
export function PasswordInput({ className, ...rest }: Omit<ComponentProps<"input">, "size" | "type">) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <span className="relative block" dir="ltr">
      <Input type={shown ? "text" : "password"} className={cn("pe-11", className)} {...rest} />
      <IconButton
        label={shown ? t("kit.hide_password") : t("kit.show_password")}
        size="icon-sm"
        className="absolute inset-y-0 end-1 my-auto"
        onClick={() => setShown(!shown)}
      >
        {shown ? <EyeOff className="size-4" /> : <Eye className="size-4" />}
      </IconButton>
    </span>
  );
}

/** A search field with its own clear button. `label` is read out; `placeholder` is seen. */
export function SearchInput({
  value,
  onValueChange,
  label,
  className,
  ...rest
}: Omit<ComponentProps<"input">, "size" | "type" | "value" | "onChange"> & {
  value: string;
  onValueChange: (value: string) => void;
  label: string;
}) {
  const { t } = useTranslation();
  return (
    <span className={cn("relative block", className)}>
      <Search
        className="pointer-events-none absolute inset-y-0 start-3 my-auto size-4 text-ink-3"
        aria-hidden="true"
      />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onValueChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value !== "") {
            event.stopPropagation();
            onValueChange("");
          }
        }}
        className={cn(
          inputStyles(),
          "border-line bg-canvas ps-9 pe-9 [&::-webkit-search-cancel-button]:hidden",
        )}
        {...rest}
      />
      {value !== "" && (
        <button
          type="button"
          aria-label={t("kit.clear")}
          className="absolute inset-y-0 end-1.5 my-auto grid size-6 place-items-center rounded-md text-ink-3 hover:bg-sunken hover:text-ink"
          onClick={() => onValueChange("")}
        >
          <X className="size-4" />
        </button>
      )}
    </span>
  );
}
