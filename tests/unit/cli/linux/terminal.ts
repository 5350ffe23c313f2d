/** A terminal on a lab that has begun, with the files that the lab makes. */
import { surroundings, tools } from '../../../../src/cli/all.ts';
import { printYaml } from '../../../../src/cli/kube/index.ts';
import { Session } from '../../../../src/cli/shell/index.ts';
import { readable } from '../../../../src/cli/shell/routes.ts';
import { labPreset } from '../../../../src/sim/lab/index.ts';

export interface Terminal {
	/** Runs a line and answers what it wrote, both streams. */
	run(line: string): Promise<string>;
	/** Exit code of the line before. */
	code(): number;
}

export async function terminal(): Promise<Terminal> {
	const lab = labPreset('kind-basic')!;
	let written = '';
	const session = new Session({
		lab,
		tools,
		surroundings,
		patience: 3600e6,
		write: (octets) => {
			written += readable(octets);
		},
	});
	await session.writeFile({ kind: 'laptop' }, '/home/learner/.kube/config', printYaml(lab.kind.kubeconfig('basic')));
	return {
		async run(line) {
			written = '';
			await session.submit(line);
			return written;
		},
		code: () => session.shell.lastCode,
	};
}
