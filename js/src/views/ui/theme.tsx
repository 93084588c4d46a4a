import { type ReadonlySignal, type Signal, signal, useSignal } from '@preact/signals';
import { type ComponentChildren, type JSX, createContext } from 'preact';
import { useContext, useLayoutEffect, useRef } from 'preact/hooks';
import { type Palette, paletteOf } from '../../render/palette';

const ATTRIBUTES = ['data-jp-theme-light', 'data-jp-theme-name'];

/** Whether the page is dark, and rich in contrast: JupyterLab says so on the body; elsewhere the reader's system does. */
export class Theme {
  readonly dark: ReadonlySignal<boolean>;
  /** Whether the reader wants more contrast than usual. */
  readonly contrast: ReadonlySignal<boolean>;
  /** Changes with every change of theme. */
  readonly name: ReadonlySignal<string>;
  private readonly observer: MutationObserver;
  private readonly system = matchMedia('(prefers-color-scheme: dark)');
  private readonly systemContrast = matchMedia('(prefers-contrast: more)');
  private readonly darkNow: Signal<boolean> = signal(false);
  private readonly contrastNow: Signal<boolean> = signal(false);
  private readonly nameNow: Signal<string> = signal('');

  constructor() {
    this.dark = this.darkNow;
    this.contrast = this.contrastNow;
    this.name = this.nameNow;
    this.observer = new MutationObserver(this.read);
    this.observer.observe(document.body, { attributes: true, attributeFilter: ATTRIBUTES });
    this.system.addEventListener('change', this.read);
    this.systemContrast.addEventListener('change', this.read);
    this.read();
  }

  dispose(): void {
    this.observer.disconnect();
    this.system.removeEventListener('change', this.read);
    this.systemContrast.removeEventListener('change', this.read);
  }

  private readonly read = (): void => {
    const { jpThemeLight, jpThemeName } = document.body.dataset;
    this.darkNow.value = jpThemeLight === undefined ? this.system.matches : jpThemeLight === 'false';
    this.contrastNow.value = this.systemContrast.matches || /high contrast/i.test(jpThemeName ?? '');
    this.nameNow.value = [jpThemeName, this.darkNow.value, this.contrastNow.value].join(' ');
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
    <div
      ref={root}
      class="dv-root"
      data-dv-theme={theme.dark.value ? 'dark' : 'light'}
      data-dv-contrast={theme.contrast.value ? 'more' : 'normal'}
    >
      <PaletteContext.Provider value={palette}>{children}</PaletteContext.Provider>
    </div>
  );
}

export function usePalette(): Palette | null {
  return useContext(PaletteContext).value;
}
