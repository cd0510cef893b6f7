/** How often others have their turn while something goes on. */

/** `work` may ask how many turns of the event loop there were since it began. */
export async function turnsOf<T>(work: (turns: () => number) => Promise<T>): Promise<{ readonly turns: number; readonly answer: T }> {
  let turns = 0;
  let ended = false;
  const count = (): void => {
    turns += 1;
    if (!ended) setImmediate(count);
  };
  setImmediate(count);
  try {
    const answer = await work(() => turns);
    return { turns, answer };
  } finally {
    ended = true;
  }
}
