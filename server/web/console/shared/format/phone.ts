/** A number as people read it: with its plus; digits grouped by three to four from the end. Always left to right. */
export function showPhone(phone: string | null | undefined): string {
  if (!phone) return "";
  const digits = phone.replace(/[^\d]/g, "");
  if (digits.length < 8) return phone;
  const country = digits.length > 10 ? digits.slice(0, digits.length - 10) : "";
  const rest = digits.slice(country.length);
  const groups = [rest.slice(0, rest.length - 7), rest.slice(-7, -4), rest.slice(-4)].filter(
    (part) => part !== "",
  );
  return `+${[country, ...groups].filter((part) => part !== "").join(" ")}`;
}
