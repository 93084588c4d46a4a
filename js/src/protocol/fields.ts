/** A message or table that is not what the protocol says. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/** Reads the fields of a JSON object that came from outside, checking each. */
export class Fields {
  private readonly value: Readonly<Record<string, unknown>>;

  constructor(
    value: unknown,
    private readonly what: string,
  ) {
    if (!isRecord(value)) {
      throw new ProtocolError(`${what}: expected an object, got ${describe(value)}.`);
    }
    this.value = value;
  }

  text(name: string): string {
    const value = this.value[name];
    return typeof value === 'string' ? value : this.fail(name, 'text');
  }

  flag(name: string): boolean {
    const value = this.value[name];
    return typeof value === 'boolean' ? value : this.fail(name, 'true or false');
  }

  number(name: string): number {
    const value = this.value[name];
    return typeof value === 'number' && Number.isFinite(value) ? value : this.fail(name, 'a finite number');
  }

  integer(name: string): number {
    const value = this.number(name);
    return Number.isInteger(value) ? value : this.fail(name, 'a whole number');
  }

  count(name: string): number {
    const value = this.integer(name);
    return value >= 0 ? value : this.fail(name, 'a whole number of at least 0');
  }

  oneOf<const T extends string>(name: string, choices: readonly T[]): T {
    const value = this.value[name];
    return choices.find(choice => choice === value) ?? this.fail(name, `one of ${choices.join(', ')}`);
  }

  list<T>(name: string, read: (item: unknown, what: string) => T): T[] {
    const value = this.value[name];
    return Array.isArray(value)
      ? value.map((item: unknown, i) => read(item, `${this.what}.${name}[${i}]`))
      : this.fail(name, 'a list');
  }

  /** Returns what `read` makes of a part. */
  object<T>(name: string, read: (item: unknown, what: string) => T): T {
    return read(this.value[name], `${this.what}.${name}`);
  }

  /** Returns what `read` does, or null where the field is null or not there. */
  optional<T>(name: string, read: (name: string) => T): T | null {
    return this.value[name] === null || this.value[name] === undefined ? null : read.call(this, name);
  }

  private fail(name: string, expected: string): never {
    throw new ProtocolError(`${this.what}.${name}: expected ${expected}, got ${describe(this.value[name])}.`);
  }
}

export function text(value: unknown, what: string): string {
  if (typeof value !== 'string') {
    throw new ProtocolError(`${what}: expected text, got ${describe(value)}.`);
  }
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (value === undefined) {
    return 'nothing';
  }
  const json: unknown = JSON.stringify(value);
  return (typeof json === 'string' ? json : typeof value).slice(0, 60);
}
