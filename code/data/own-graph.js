import { liveGraph } from 'live-graph';
import { pair } from 'test-media';

const graph = liveGraph({
  title: 'There and back',
  unit: 'ms',
  lines: ['each', 'mean'],
  seconds: 10,
});

const [a, b] = pair();
const ping = a.createDataChannel('ping');
b.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => channel.send(data);
};

let [sum, count] = [0, 0];
const ask = () => ping.send(String(performance.now()));
ping.onopen = ask;
ping.onmessage = ({ data }) => {
  const trip = performance.now() - Number(data);
  sum += trip;
  count += 1;
  graph.add('each', trip);
  graph.add('mean', sum / count);
  if (count < 100) setTimeout(ask, 50);
  else console.log('100 round trips, on average', sum / count, 'ms');
};
