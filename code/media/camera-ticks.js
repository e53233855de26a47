const program = 'setInterval(() => postMessage(0), 50)';
const url = URL.createObjectURL(new Blob([program]));
const worker = new Worker(url);

let timer = 0;
setInterval(() => {
  timer += 1;
}, 50);

let frames = 0;
requestAnimationFrame(function next() {
  frames += 1;
  requestAnimationFrame(next);
});

let ticks = 0;
worker.onmessage = () => {
  ticks += 1;
  if (ticks % 40 !== 0) return;
  console.log(`40 of the worker, ${timer} of the timer, ${frames} frames`);
  timer = 0;
  frames = 0;
  if (ticks === 1200) worker.terminate();
};
