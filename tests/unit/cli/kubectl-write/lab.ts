/** A terminal on a lab that has begun: four nodes, Cilium, an echo server. */
import { surroundings, tools } from '../../../../src/cli/all.ts';
import { printYaml } from '../../../../src/cli/kube/index.ts';
import { Session } from '../../../../src/cli/shell/index.ts';
import { readable } from '../../../../src/cli/shell/routes.ts';
import { type Lab, labPreset } from '../../../../src/sim/lab/index.ts';

export interface Terminal {
	readonly lab: Lab;
	readonly session: Session;
	/** Runs a line and answers what it wrote, both streams. */
	run(line: string): Promise<string>;
	/** Seconds of the lab that a line takes. */
	seconds(line: string): Promise<number>;
	file(path: string, text: string): Promise<void>;
	/** Exit code of the line before. */
	code(): Promise<string>;
}

export async function terminal(): Promise<Terminal> {
	const lab = labPreset('kind-basic') as unknown as Lab;
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
	const file = (path: string, text: string) =>
		session.writeFile({ kind: 'laptop' }, path.startsWith('/') ? path : `/home/learner/${path}`, text);
	await file('.kube/config', printYaml(lab.kind.kubeconfig('basic')));
	const run = async (line: string): Promise<string> => {
		written = '';
		await session.submit(line);
		return written;
	};
	return {
		lab,
		session,
		run,
		file,
		async seconds(line) {
			const before = lab.now;
			await run(line);
			return (lab.now - before) / 1e6;
		},
		code: async () => (await run('echo $?')).trim(),
	};
}

export const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: nginx, image: nginx}
      - {name: side, image: busybox, command: [sleep, inf]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
`;
