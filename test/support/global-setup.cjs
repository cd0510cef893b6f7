// Says once, before any test, which stores the run covers; no test depends on it.
module.exports = () => {
  const where = process.env.EVENTSTOREDB_URL
    ? 'SQLite and EventStoreDB'
    : 'SQLite only (set EVENTSTOREDB_URL to run it on EventStoreDB too)';
  process.stderr.write(`event log contract: ${where}\n`);
};
