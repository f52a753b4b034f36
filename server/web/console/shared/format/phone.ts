// Country calling codes are of one, two or three digits; these are the short ones, all others have three.
const ONE = /^[17]/;
const TWO = /^(?:2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/** A number as people read it: plus, country, then groups. Always to be shown left to right. */
export function showPhone(phone: string | null | undefined): string {
  if (!phone) return "";
  const digits = phone.replace(/\D/g, "");
  if (digits.length < 8) return phone;
  const country = digits.slice(0, ONE.test(digits) ? 1 : TWO.test(digits) ? 2 : 3);
  const rest = digits.slice(country.length);
  const middle = rest.slice(0, -4);
  const first = middle.length > 6 ? 2 : Math.ceil(middle.length / 2);
  const groups = middle.length > 4 ? [middle.slice(0, first), middle.slice(first)] : [middle];
  return `+${[country, ...groups, rest.slice(-4)].filter((group) => group !== "").join(" ")}`;
}
