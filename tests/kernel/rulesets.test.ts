/**
 * Random rule sets and packets, in a real kernel and in the simulator: the same packets must come out on the same
 * wires, and the same connections must be left in the table. Half of the cases go through iptables-legacy, half
 * through iptables-nft. A sentinel packet behind each packet tells a drop from slowness.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseIptablesSave, printIptablesSave } from '../../src/sim/linux/index.ts';
import { decodeFrame, EMPTY, ETH_P_IP, encodeFrame, type Frame, parseIp, parseMac } from '../../src/sim/wire/index.ts';
import { whyNot } from './harness/agent.ts';
import { type Case, cases } from './rulesets/arbitrary.ts';
import { model, summary } from './rulesets/model.ts';
import { type Flavour, startWorker, type Worker } from './rulesets/worker.ts';

const RUNS = Number(process.env.RULESETS_RUNS ?? 2000);
const SEED = Number(process.env.RULESETS_SEED ?? 20_240_601);

const reason = whyNot();
const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex');

const sentinelFrame = (from: string, to: string, router: string): string => {
	const frame: Frame = {
		dst: parseMac(router)!,
		src: parseMac('02:00:00:00:0f:0f')!,
		type: ETH_P_IP,
		payload: {
			kind: 'ipv4',
			src: parseIp(from)!,
			dst: parseIp(to)!,
			ttl: 64,
			protocol: 17,
			id: 0,
			tos: 0,
			df: false,
			mf: false,
			offset: 0,
			options: EMPTY,
			payload: { kind: 'udp', sport: 7, dport: 7, data: EMPTY },
		},
	};
	return hex(encodeFrame(frame));
};

const SENTINEL = {
	a: sentinelFrame('10.0.1.250', '10.0.2.250', '02:00:00:00:01:01'),
	b: sentinelFrame('10.0.2.250', '10.0.1.250', '02:00:00:00:02:01'),
};

/** An entry without what time and reference counts make of it. */
const withoutTime = (line: string) =>
	line
		.replace(/^(\S+ +\d+ \S+ +\d+) \d+/, '$1')
		.replace(/ use=\d+/, '')
		.trim();

/** Numbers that a case names, which a port or an identifier may be. */
const portsOf = (text: string) => new Set(text.match(/\d+/g));

/** Ports and identifiers that nobody named were drawn by chance: any will do. */
const hideDrawn = (line: string, known: ReadonlySet<string>) =>
	line.replace(/((?:sport|dport|id)=|(?:proto \d+|>|id) )(\d+)(?![.\d])/g, (whole, before: string, port: string) =>
		known.has(port) ? whole : `${before}*`,
	);

const EPERM = 1;

describe.skipIf(reason !== undefined)(`random rule sets${reason ? ` (${reason})` : ''}`, () => {
	const workers = {} as Record<Flavour, Worker>;
	beforeAll(async () => {
		[workers.nft, workers.legacy] = await Promise.all([startWorker('nft', 0), startWorker('legacy', 1)]);
	});
	afterAll(() => Promise.all([workers.nft?.close(), workers.legacy?.close()]));

	/** What the kernel makes of a case and what we do, in lines that compare. */
	const both = async (flavour: Flavour, { ruleset, steps }: Case): Promise<[kernel: unknown, simulator: unknown]> => {
		const modelled = model({ ruleset, steps });
		const rules = printIptablesSave(ruleset);
		const packets = modelled.sent.map(({ at, octets }) => ({ at, octets: hex(octets) }));
		const real = await workers[flavour].run({ rules, packets, sentinel: SENTINEL });
		if (real.error !== undefined) throw new Error(`${real.error}\n${rules}`);
		const kernel = real.frames.map(({ errno, frames }) => ({
			denied: errno === EPERM,
			frames: frames.map(([wire, octets]) => {
				const decoded = decodeFrame(new Uint8Array(Buffer.from(octets, 'hex')));
				const payload = decoded.value?.payload;
				return payload?.kind === 'ipv4' ? summary(wire, payload) : `${wire} ${octets}`;
			}),
		}));
		const simulator = modelled.sent.map(({ errno, frames }) => ({
			denied: errno === 'EPERM',
			frames: frames.map(({ wire, packet }) => summary(wire, packet)),
		}));
		const known = portsOf(JSON.stringify([...steps, rules]));
		return [
			{ packets: kernel, conntrack: real.conntrack.map(withoutTime) },
			{ packets: simulator, conntrack: modelled.conntrack.map(withoutTime) },
		].map(({ packets, conntrack }) => ({
			packets: packets.map(({ denied, frames }) => ({
				denied,
				frames: frames.map((line) => hideDrawn(line, known)).sort(),
			})),
			conntrack: conntrack.map((line) => hideDrawn(line, known)).sort(),
		})) as [unknown, unknown];
	};

	const agree = (flavour: Flavour, runs: number, seed: number) =>
		fc.assert(
			fc.asyncProperty(cases, async (drawn) => {
				const [kernel, simulator] = await both(flavour, drawn);
				expect(simulator).toEqual(kernel);
			}),
			{
				numRuns: runs,
				seed,
				endOnFailure: process.env.RULESETS_SHRINK === undefined,
				reporter(run) {
					if (!run.failed) return;
					const [drawn] = run.counterexample!;
					const rules = printIptablesSave(drawn.ruleset);
					const steps = drawn.steps.map((step) => JSON.stringify(step)).join('\n');
					const why = run.errorInstance instanceof Error ? run.errorInstance.message : '';
					const where = `${flavour}, after ${run.numRuns} runs (seed ${run.seed}, path ${run.counterexamplePath})`;
					throw new Error(`${where}:\n${rules}\n${steps}\n${why}`, { cause: run.errorInstance });
				},
			},
		);

	test(`the kernel and the engine agree on ${RUNS} rule sets, packet by packet`, async () => {
		const half = Math.ceil(RUNS / 2);
		await Promise.all([agree('nft', half, SEED), agree('legacy', half, SEED + 1)]);
	}, 300_000);

	test.each<Flavour>(['nft', 'legacy'])(
		'iptables-%s-save prints what we print, and we read it back',
		async (flavour) => {
			const drawn = fc.sample(cases, { numRuns: 150, seed: SEED });
			for (const { ruleset } of drawn) {
				const ours = printIptablesSave(ruleset);
				const { text, error } = await workers[flavour].save(ours);
				expect(error ?? null, ours).toBeNull();
				expect(byTable(text!)).toEqual(byTable(ours));
				const parsed = parseIptablesSave(text!);
				if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
				expect(printIptablesSave(parsed.ruleset)).toBe(ours);
			}
		},
	);
});

/** Tables by name without comments and counters: the tools print tables in different orders. */
function byTable(text: string): Record<string, string[]> {
	const tables: Record<string, string[]> = {};
	let lines: string[] = [];
	for (const line of text.split('\n')) {
		if (line === '' || line.startsWith('#')) continue;
		if (line.startsWith('*')) lines = tables[line] = [];
		lines.push(line.replace(/ \[\d+:\d+\]$/, ''));
	}
	return tables;
}
