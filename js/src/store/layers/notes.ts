/** What several introspectors say of a layer, without saying twice what another one says, too. */
export function notesOf(notes: readonly string[]): string {
  const said = new Set(notes);
  const others = (note: string) => [...said].filter(other => other !== note);
  return [...said].filter(note => !others(note).some(other => other.includes(note))).join(' ');
}
