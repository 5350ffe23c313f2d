/** What the commands of crictl share. */
import type { Cluster, NodeMachine } from '../../sim/lab/index.ts';
import type { Call } from '../tool.ts';
import type { CriContainer, Sandbox } from './cri.ts';
import { getopt } from './words.ts';

export interface Run {
	readonly call: Call;
	readonly cluster: Cluster;
	readonly machine: NodeMachine;
	readonly sandboxes: readonly Sandbox[];
	readonly containers: readonly CriContainer[];
	readonly words: readonly string[];
}

export const options = (words: readonly string[], short: string, long: readonly string[]) =>
	getopt(words, { short, long, single: true });

export const fatal = (call: Call, text: string): number => {
	call.err(`FATA[0000] ${text}\n`);
	return 1;
};

/** Of urfave/cli: what it says of a flag it does not know. */
export const badFlag = (call: Call, option: string): number => {
	const what = `flag provided but not defined: ${option.replace(/^--/, '-').replace(/=.*$/, '')}`;
	call.err(`Incorrect Usage: ${what}\n\n`);
	return fatal(call, what);
};

export const byId = <T extends { readonly id: string }>(list: readonly T[], id: string | undefined): T | undefined =>
	id === undefined || id === '' ? undefined : list.find((item) => item.id.startsWith(id));

/** A regular expression as far as names need it. */
export const matches = (pattern: string, name: string): boolean => {
	const plain = pattern.replace(/^\^/, '').replace(/\$$/, '');
	const at = name.indexOf(plain);
	if (at < 0 || (pattern.startsWith('^') && at !== 0)) return false;
	return !pattern.endsWith('$') || name.endsWith(plain);
};
