// Runs commands one after the other in one process: each as if it began anew, but for the modules that are loaded. A
// command has ended when nothing is left to do, as its own process would; what it would have printed and its exit code
// are told to the parent.
const cli = new URL('../../dist/cli.js', import.meta.url).href;
const home = process.cwd();
let runs = 0;
let printed = null;

for (const name of ['stdout', 'stderr']) {
  const stream = process[name];
  const write = stream.write.bind(stream);
  stream.write = (chunk, encoding, done) => {
    if (printed === null) return write(chunk, encoding, done);
    printed[name].push(Buffer.from(chunk, typeof encoding === 'string' ? encoding : undefined));
    const heard = typeof encoding === 'function' ? encoding : done;
    if (heard !== undefined) process.nextTick(heard);
    return true;
  };
}

process.on('message', ({ args, env, cwd }) => {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(cwd);
  process.argv = [process.argv[0], 'disclosure', ...args];
  process.exitCode = undefined;
  printed = { stdout: [], stderr: [] };
  process.channel.unref();
  // Another address each time: the commands are declared anew, what they load is loaded once.
  void import(`${cli}?run=${(runs += 1)}`);
});

process.on('beforeExit', (code) => {
  if (printed === null) return;
  const [stdout, stderr] = [printed.stdout, printed.stderr].map((parts) => Buffer.concat(parts).toString('base64'));
  printed = null;
  process.chdir(home);
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error');
  process.exitCode = undefined;
  process.channel.ref();
  process.send({ code, stdout, stderr });
});
