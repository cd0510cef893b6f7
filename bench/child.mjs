// The other end of measure.mjs: runs one measurement and answers.
process.once('message', ({ file, name, args }) => {
  void run(file, name, args);
});

// Nobody is left to answer to.
process.once('disconnect', () => process.exit(1));

async function run(file, name, args) {
  const measures = await import(new URL(`./measures/${file}.mjs`, import.meta.url).href);
  const result = await measures[name](args);
  // What a library leaves running, such as a polling loop without an end, must not disturb the next measurement.
  process.send({ kind: 'result', result }, () => process.exit(0));
}
