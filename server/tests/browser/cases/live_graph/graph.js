import { liveGraph } from 'live-graph';

const graph = liveGraph({ title: 'Queue', unit: 'KiB', lines: ['queued', 'arrived'] });
const figure = document.querySelector('figure');
const height = () => figure.getBoundingClientRect().height;
const cells = () => [...figure.querySelectorAll('td')].map(({ textContent }) => textContent);
const curves = [...figure.querySelectorAll('.plot polyline')];

const before = height();
for (const value of [512, 1_024, 7]) graph.add('queued', value);
const timer = setInterval(() => {
  if (cells()[0] !== '7') return;
  clearInterval(timer);
  const shown = {
    heights: [before, height()],
    cells: cells(),
    points: curves[0].points.numberOfItems,
    strokes: curves.map((curve) => getComputedStyle(curve).stroke),
  };
  console.log('shown', JSON.stringify(shown));
  try {
    graph.add('lost', 1);
  } catch (error) {
    console.log(String(error));
  }
}, 20);
