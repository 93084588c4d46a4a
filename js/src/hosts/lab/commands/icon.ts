import { LabIcon } from '@jupyterlab/ui-components';

export const deepviewIcon = new LabIcon({
  name: 'deepview-lab:mark',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">
  <g class="jp-icon3" fill="none" stroke="#616161" stroke-width="1.7" stroke-linejoin="round" stroke-linecap="round">
    <path fill="none" d="M1.8 12C4.6 7.3 8 5 12 5s7.4 2.3 10.2 7c-2.8 4.7-6.2 7-10.2 7S4.6 16.7 1.8 12z"/>
    <path stroke-width="2.1" d="M8.4 10.6v2.8M12 8.8v6.4M15.6 10.6v2.8"/>
  </g>
</svg>`,
});

/** JupyterLab has icons for run and stop, but none for pause. */
export const pauseIcon = new LabIcon({
  name: 'deepview-lab:pause',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">
  <path class="jp-icon3" fill="#616161" d="M7 6h3v12H7zm7 0h3v12h-3z"/>
</svg>`,
});
