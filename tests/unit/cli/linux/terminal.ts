/** A terminal whose lines may wait an hour for the lab. */
import { type Terminal, terminal as terminalOf } from '../terminal.ts';

export type { Terminal };

export const terminal = (): Promise<Terminal> => terminalOf('kind-basic', { patience: 3600e6 });
