// What a room of people costs, if all send a picture and see all others.
const rate = 1.5; // Mbit/s of one picture

function mesh(people) {
  const others = people - 1;
  const each = { up: others, down: others, encodes: others, decodes: others };
  return { each };
}

function sfu(people) {
  const others = people - 1;
  const each = { up: 1, down: others, encodes: 1, decodes: others };
  const out = people * others;
  return { each, server: { in: people, out, encodes: 0, decodes: 0 } };
}

// Everybody gets a mix of their own, without themselves in it.
function mcu(people) {
  const each = { up: 1, down: 1, encodes: 1, decodes: 1 };
  const [encodes, decodes] = [people, people];
  return { each, server: { in: people, out: people, encodes, decodes } };
}

for (const people of [2, 4, 8]) {
  console.log(`${people} people`);
  for (const shape of [mesh, sfu, mcu]) {
    const { each, server } = shape(people);
    const line = `${each.up * rate} Mbit/s up, ${each.down * rate} down`;
    const work = `encodes ${each.encodes}, decodes ${each.decodes}`;
    console.log(`  ${shape.name}: ${line}; ${work}`);
    if (!server) continue;
    const lines = `${server.in * rate} in, ${server.out * rate} out`;
    const works = `encodes ${server.encodes}, decodes ${server.decodes}`;
    console.log(`    its server: ${lines}; ${works}`);
  }
}
