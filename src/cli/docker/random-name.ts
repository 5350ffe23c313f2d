/** Names of containers that nobody named, as moby's pkg/namesgenerator makes them (@ v20.10), of fewer words. */
import type { Lab } from '../../sim/lab/index.ts';

const LEFT =
	'admiring agitated beautiful boring clever cool dazzling eager elastic focused gallant happy hopeful jolly kind lucid modest nifty optimistic peaceful quirky serene stoic sweet vibrant wizardly youthful zen'.split(
		' ',
	);
const RIGHT =
	'albattani bell bohr cori curie darwin dijkstra einstein euler fermat galileo hamilton hawking hopper hypatia kepler knuth lamarr lovelace meitner newton noether pascal ritchie shannon tesla turing wozniak'.split(
		' ',
	);

/** A name nobody has: `serene_hopper`. */
export function randomName(lab: Lab): string {
	const taken = lab.docker.containers();
	for (let i = 0; ; i++) {
		const draw = (what: string, list: readonly string[]): string =>
			list[lab.random('docker name', `${what} ${lab.now} ${taken.length} ${i}`, list.length)]!;
		const name = `${draw('left', LEFT)}_${draw('right', RIGHT)}${i > 10 ? i : ''}`;
		if (name !== 'boring_wozniak' && !taken.some((c) => c.name === name)) return name;
	}
}
