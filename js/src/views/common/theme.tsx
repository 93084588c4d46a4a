import { type ReadonlySignal, type Signal, signal, useSignal } from '@preact/signals';
import { type ComponentChildren, type JSX, createContext } from 'preact';
import { useContext, useLayoutEffect, useRef } from 'preact/hooks';
import { type Palette, paletteOf } from '../../render/palette';

const ATTRIBUTES = ['data-jp-theme-light', 'data-jp-theme-name'];

/** Whether the page is dark: JupyterLab says so on the body; elsewhere the reader's system does. */
export class Theme {
  readonly dark: ReadonlySignal<boolean>;
  /** Changes with every change of theme. */
  readonly name: ReadonlySignal<string>;
  private readonly observer: MutationObserver;
  private readonly system = matchMedia('(prefers-color-scheme: dark)');
  private readonly darkNow: Signal<boolean> = signal(false);
  private readonly nameNow: Signal<string> = signal('');

  constructor() {
    this.dark = this.darkNow;
    this.name = this.nameNow;
    this.observer = new MutationObserver(this.read);
    this.observer.observe(document.body, { attributes: true, attributeFilter: ATTRIBUTES });
    this.system.addEventListener('change', this.read);
    this.read();
  }

  dispose(): void {
    this.observer.disconnect();
    this.system.removeEventListener('change', this.read);
  }

  private readonly read = (): void => {
    const { jpThemeLight, jpThemeName } = document.body.dataset;
    this.darkNow.value = jpThemeLight === undefined ? this.system.matches : jpThemeLight === 'false';
    this.nameNow.value = `${jpThemeName ?? ''} ${String(this.darkNow.value)}`;
  };
}

const PaletteContext = createContext<ReadonlySignal<Palette | null>>(signal(null));

/** The element that carries our tokens; everything of ours is inside. */
export function ThemedRoot({ theme, children }: { theme: Theme; children: ComponentChildren }): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const palette = useSignal<Palette | null>(null);
  const name = theme.name.value;
  useLayoutEffect(() => {
    const element = root.current;
    if (element === null) {
      return;
    }
    palette.value = paletteOf(element);
    // Widgets are drawn before they are put into the page: the first size tells that they are there.
    const observer = new ResizeObserver(() => {
      palette.value ??= paletteOf(element);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [name, palette]);
  return (
    <div ref={root} class="dv-root" data-dv-theme={theme.dark.value ? 'dark' : 'light'}>
      <PaletteContext.Provider value={palette}>{children}</PaletteContext.Provider>
    </div>
  );
}

export function usePalette(): Palette | null {
  return useContext(PaletteContext).value;
}
