/** So long a browser may take to begin saving; then the memory is given back. */
const GRACE_MS = 60_000;

/** Lets the browser save this under a name, as a link to a file would. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), GRACE_MS);
}
