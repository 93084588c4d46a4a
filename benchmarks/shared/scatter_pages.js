// One page for each package: the same points, the same movements, the same lasso. The script gives `makePlot`.
const WIDTH = 1000;
const HEIGHT = 700;
const COLOURS = ['#0a5e98', '#b84c10', '#8250cd', '#8c9664', '#dc5fb4', '#00148c', '#504600', '#1496ff', '#8c145a', '#460046'];

window.gl = [];
const getContext = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  const context = getContext.call(this, kind, ...rest);
  if (kind.startsWith('webgl') && context !== null && !window.gl.includes(context)) window.gl.push(context);
  return context;
};

function seeded(state) {
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

// Ten round heaps within -1 to 1.
window.makeData = count => {
  const random = seeded(1);
  const [x, y, codes] = [new Float32Array(count), new Float32Array(count), new Uint8Array(count)];
  for (let row = 0; row < count; row++) {
    const heap = (codes[row] = row % 10);
    const radius = 0.08 * Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    x[row] = 0.2 * (1 + (heap % 3)) * Math.cos(heap) + radius * Math.cos(angle);
    y[row] = 0.2 * (1 + (heap % 3)) * Math.sin(heap) + radius * Math.sin(angle);
  }
  window.data = { x, y, codes };
};

// A line of 400 corners around the middle, in data coordinates.
window.makeLasso = () => {
  const random = seeded(7);
  window.lasso = Array.from({ length: 400 }, (_, i) => {
    const radius = 0.35 + 0.05 * random();
    const angle = (2 * Math.PI * i) / 400;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
};

const nextFrame = () => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));

// Waits until what was asked of WebGL is done.
const finish = async () => {
  await nextFrame();
  for (const gl of window.gl) gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  await nextFrame();
};

window.start = async () => {
  window.plot = await makePlot(document.querySelector('#plot'));
  await finish();
};
window.firstFrame = async () => {
  await plot.show(data);
  await finish();
};
window.restFrame = async () => {
  await plot.rest();
  await finish();
};
window.move = async frames => {
  for (let i = 0; i < frames; i++) await plot.pan(i % 2 === 0 ? 1 : -1);
  await finish();
};

// How many milliseconds each of some selections took.
window.select = rounds =>
  Array.from({ length: rounds }, () => {
    const began = performance.now();
    plot.select(lasso);
    return performance.now() - began;
  });

// The number of selected rows, and for how many rows the plain loop in double precision contradicts.
window.checkSelection = () => {
  let [count, wrong] = [0, 0];
  const isSelected = plot.selected();
  for (let row = 0; row < data.x.length; row++) {
    count += isSelected(row) ? 1 : 0;
    wrong += isSelected(row) === isInside(data.x[row], data.y[row]) ? 0 : 1;
  }
  return [count, wrong];
};

function isInside(x, y) {
  let inside = false;
  for (let i = 0, j = lasso.length - 1; i < lasso.length; j = i++) {
    const [[ax, ay], [bx, by]] = [lasso[i], lasso[j]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

const rgb = text => [1, 3, 5].map(at => parseInt(text.slice(at, at + 2), 16));

window.oursWith = painter => async host => {
  const view = scatter.createScatter(host, { painter });
  view.resize(WIDTH, HEIGHT, 1);
  const complete = async () => {
    while (!view.isComplete) await nextFrame();
  };
  await complete();
  let words;
  return {
    async show({ x, y, codes }) {
      view.setData({ x, y });
      view.setColours({ kind: 'category', codes, palette: COLOURS.map(rgb), other: [150, 150, 150] });
      await complete();
    },
    async rest() {
      view.zoom(WIDTH / 2, HEIGHT / 2, 0.999);
      await complete();
    },
    async pan(direction) {
      view.pan(9 * direction, 0);
      await nextFrame();
    },
    select(lasso) {
      const polygon = lasso.flatMap(([x, y]) => {
        const place = view.toScreen(x, y);
        return [place.x, place.y];
      });
      words = view.rowsInLasso(polygon);
    },
    selected: () => row => ((words[row >>> 5] >>> (row & 31)) & 1) === 1,
  };
};

window.regl = async host => {
  const canvas = document.createElement('canvas');
  host.append(canvas);
  const view = reglScatterplot.default({ canvas, width: WIDTH, height: HEIGHT, pointSize: 2, opacity: 0.5 });
  const drawn = () => new Promise(resolve => view.subscribe('draw', resolve, 1));
  return {
    async show({ x, y, codes }) {
      view.set({ colorBy: 'valueA', pointColor: COLOURS });
      await view.draw({ x, y, valueA: codes }, { zDataType: 'categorical' });
    },
    async rest() {
      await this.pan(1);
    },
    async pan(direction) {
      const seen = drawn();
      view.lookAt?.([0.02 * direction, 0], 1);
      view.set({ cameraTarget: [0.02 * direction, 0] });
      await seen;
      await nextFrame();
    },
    select(lasso) {
      view.lassoSelect(lasso, { isGl: true });
    },
    selected() {
      const rows = new Set(view.get('selectedPoints'));
      return row => rows.has(row);
    },
  };
};
