// How many clients lose the server at once, and after how many s it is back.
const clients = 10_000;
const back = 20;

// How long to wait before the next attempt. The wait doubles, up to 10 s.
const exact = (wait) => wait;
const jittered = (wait) => wait * (0.5 + Math.random() / 2);

comeBack('without jitter', exact);
comeBack('with jitter', jittered);

function comeBack(title, spread) {
  const arrivals = [];
  let vain = 0;
  for (let client = 0; client < clients; client += 1) {
    let time = 0;
    for (let wait = 1; time < back; wait = Math.min(2 * wait, 10)) {
      time += spread(wait);
      if (time < back) vain += 1;
    }
    const second = Math.floor(time);
    arrivals[second] = (arrivals[second] ?? 0) + 1;
  }

  console.log(`${title}, clients that come back in each second:`);
  arrivals.forEach((count, second) => {
    const bar = '#'.repeat(Math.ceil(count / 250));
    console.log(`${second} s ${bar} ${count}`);
  });
  const most = Math.max(...arrivals.filter(Boolean));
  console.log(`${title}: at most ${most} in a second`);
  const each = (vain / clients).toFixed(1);
  console.log(`${title}: ${each} attempts in vain for each client`);
}
