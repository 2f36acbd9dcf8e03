// Throughput and latency, since the page was opened. The plots are uPlot's (MIT, vendor-uplot.js).

import { $, color, font } from './dom.js';
import { state, WINDOW } from './state.js';

let plots = [];

export function initPlots() {
  plots.forEach((plot) => plot.destroy());
  const round = (value) => (value === null || value === undefined ? '\u2013' : value >= 100 ? Math.round(value) : value.toFixed(1));
  plots = [
    create('plot-rate', [{ label: 'entries/s', stroke: color('accent'), fill: color('accent-soft'), width: 1.5, value: (_, v) => round(v), points: { show: false } }]),
    create('plot-latency', [
      { label: 'p50', stroke: color('accent'), width: 1.5, spanGaps: true, value: (_, v) => round(v), points: { size: 4 } },
      { label: 'p99', stroke: color('amber'), width: 1.5, spanGaps: true, value: (_, v) => round(v), points: { size: 4 } },
    ]),
  ];
}

/** All that is there, half a minute at least, so that what just began is no line at the edge. */
function span(min, max) {
  const end = max ?? 1;
  return [Math.max(end - WINDOW / 1000, Math.min(min ?? end, end - 30)), end];
}

function create(id, series) {
  const place = $(id);
  const axis = { stroke: color('muted'), font: font(11), grid: { stroke: color('line'), width: 1 }, ticks: { show: false } };
  return new window.uPlot({
    width: place.clientWidth,
    height: 160,
    padding: [8, 26, 0, 0],
    cursor: { y: false, drag: { x: false, y: false } },
    legend: { live: true },
    scales: {
      x: { time: true, range: (_, min, max) => span(min, max) },
      y: { range: (_, min, max) => [0, Math.max(1, (max ?? 0) * 1.15)] },
    },
    axes: [
      { ...axis, size: 28, grid: { show: false }, space: 70, values: (_, ticks) => ticks.map((t) => new Date(t * 1000).toLocaleTimeString('en-GB')) },
      { ...axis, size: 44 },
    ],
    series: [{ label: 'at', value: (_, t) => (t ? new Date(t * 1000).toLocaleTimeString('en-GB') : '\u2013') }, ...series],
  }, [[], ...series.map(() => [])], place);
}

export function drawPlots() {
  const { at, rate, median, p99 } = state.samples;
  const [first, second] = plots;
  first.setData([at, smooth(rate)]);
  second.setData([at, median, p99]);
  for (const plot of plots) {
    if (!(plot.cursor.left >= 0)) {
      plot.setLegend({ idx: plot.data.slice(1).reduce((last, list) => Math.max(last, list.findLastIndex((v) => v !== null)), 0) });
    }
  }
  const leader = state.frame.peers.find((peer) => peer.id === state.frame.leader);
  $('latency-note').hidden = !leader || Boolean(leader.tail);
}

/** Over a second, for a frame is too short a time to count in. */
function smooth(values) {
  return values.map((value, i) => {
    const some = values.slice(Math.max(0, i - 3), i + 1).filter((v) => v !== null);
    return value === null || some.length === 0 ? null : some.reduce((a, b) => a + b) / some.length;
  });
}

export function resizePlots() {
  plots.forEach((plot) => plot.setSize({ width: plot.root.parentElement.clientWidth, height: 160 }));
}
