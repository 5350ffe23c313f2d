/**
 * What packets need: the kernel's way of them, the agent's programs, the rules of a node. The terminal in a browser
 * fetches it when it is first asked for (`src/integrations/terminal-later.ts`); before that a lab can be made, and its
 * clusters can be looked at, but nobody can send in them.
 */

/** Resolves when packets can be sent. */
export const loadPackets = (): Promise<void> => Promise.resolve();
