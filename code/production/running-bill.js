// What you expect of a busy hour. Change it, and run it again.
const calls = 100; // at once
const relayed = 0.2; // of the connections find no direct way
const video = 1.5; // Mbit/s, from each to each other one
const busyHours = 100; // in a month

const { round } = Math;
for (const people of [2, 4, 8]) {
  const connections = (people * (people - 1)) / 2;
  const up = (people - 1) * video;
  console.log(`${people} in a call: connections ${connections}`);
  console.log(`  up from each: ${up} Mbit/s`);

  // Both ends of a relayed connection send, and what comes in goes out again.
  const through = calls * connections * relayed * 2 * video;
  const gigabytes = (through / 8 / 1_000) * 3_600 * busyHours;
  console.log(`  TURN: ${round(through)} Mbit/s in, and as much out`);
  console.log(`  in a month: ${round(gigabytes)} GB in, and as much out`);
}
