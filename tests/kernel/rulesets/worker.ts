/** A typed line to worker.py. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export type Flavour = 'nft' | 'legacy';

export interface KernelCase {
	readonly rules: string;
	readonly packets: readonly { readonly at: string; readonly octets: string }[];
	/** Frames by the wire they are sent into. */
	readonly sentinel: { readonly a: string; readonly b: string };
}

export type KernelResult =
	| {
			readonly error?: undefined;
			readonly frames: readonly {
				readonly errno: number | null;
				readonly frames: readonly (readonly ['a' | 'b', string])[];
			}[];
			readonly conntrack: readonly string[];
	  }
	| { readonly error: string };

export interface Worker {
	run(request: KernelCase): Promise<KernelResult>;
	/** iptables-restore, then iptables-save. */
	save(rules: string): Promise<{ readonly text?: string; readonly error?: string | null }>;
	close(): Promise<void>;
}

/** A router that loads its rules with one of the two tools, all on one processor. */
export async function startWorker(flavour: Flavour, cpu: number): Promise<Worker> {
	const script = fileURLToPath(new URL('./worker.py', import.meta.url));
	const child: ChildProcess = spawn('python3', [script, flavour, `${cpu}`], { stdio: ['pipe', 'pipe', 'inherit'] });
	const waiting: { resolve: (value: unknown) => void; reject: (error: Error) => void }[] = [];
	const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	child.once('exit', () => {
		for (const { reject } of waiting.splice(0)) reject(new Error('the worker is gone'));
	});
	createInterface({ input: child.stdout! }).on('line', (line) => waiting.shift()?.resolve(JSON.parse(line)));
	const next = () => new Promise<unknown>((resolve, reject) => waiting.push({ resolve, reject }));
	const call = <T>(request: object): Promise<T> => {
		const answer = next();
		child.stdin!.write(`${JSON.stringify(request)}\n`);
		return answer as Promise<T>;
	};
	await next();
	return {
		run: (request) => call<KernelResult>(request),
		save: (rules) => call({ rules }),
		async close() {
			child.stdin!.end();
			await exited;
		},
	};
}
