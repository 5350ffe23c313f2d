#!/usr/bin/env node
/** The simulator in a shell: one connection, and what happened. `--help` says how. */
import { readFileSync, writeFileSync } from 'node:fs';
import { loadWhy } from '../../src/i18n/why/index.ts';
import { kindBasic, SCENARIOS, scenarioById } from '../../src/sim/scenarios/index.ts';
import { apply, createWorld, helmFindings, helmKeysOf, type Scenario, type World } from '../../src/sim/world/index.ts';
import { type Args, fail, helpText, parseArgs, UsageError } from './args.ts';
import { listing, listText } from './list.ts';
import { captureFile } from './pcap.ts';
import { report } from './report.ts';
import { readScenarioFile, type ScenarioFile } from './scenario-file.ts';
import { table } from './table.ts';
import { openTerminal } from './terminal.ts';
import { failWith, findingText } from './words.ts';

function readFile(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		return fail(`cannot be read: ${(error as NodeJS.ErrnoException).code ?? error}`, path);
	}
}

function scenarioOf(args: Args): ScenarioFile {
	if (args.scenarioFile !== undefined) {
		const { scenario, where } = readScenarioFile(readFile(args.scenarioFile), args.scenarioFile);
		return { scenario: withFlags(scenario, args), where };
	}
	const where = new Map<string, string>();
	if (args.scenario === undefined) return { scenario: kindBasic, where };
	const known = SCENARIOS.map((s) => s.id).join(', ');
	const scenario =
		scenarioById(args.scenario) ?? fail(`unknown scenario "${args.scenario}"; there are ${known}`, '--scenario');
	return { scenario, where };
}

/** A policy on the command line is for every service of a file, whatever the file says. */
function withFlags(scenario: Scenario, { settings }: Args): Scenario {
	const policies = ['externalTrafficPolicy', 'internalTrafficPolicy', 'sessionAffinity'];
	if (!policies.some((name) => Object.hasOwn(settings, name))) return scenario;
	const services = scenario.cluster.services.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
	return { ...scenario, subject: { ...scenario.subject, services } };
}

function worldOf(args: Args): World {
	const { scenario, where: inFile } = scenarioOf(args);
	// What the command line says is not the file's.
	const where = new Map([...inFile].filter(([name]) => !Object.keys(args.helm).some((key) => name === `helm.${key}`)));
	const settings = { ...args.settings, helm: { ...scenario.start.helm, ...args.helm } };
	const made = createWorld(scenario, settings);
	if ('error' in made) return failWith(made.error, args.scenarioFile ?? scenario.id, where);
	const [key] = Object.keys(args.helm);
	if (key !== undefined && helmKeysOf(made.world).length === 0)
		fail(`${key} is a Helm value of Cilium, and there is no Cilium in bundle ${made.world.settings.bundle}`, '--set');
	for (const finding of helmFindings(made.world)) {
		const said = findingText(finding);
		if (said) process.stderr.write(`lab: ${said}\n`);
	}
	return made.world;
}

async function runProbe(args: Args): Promise<string> {
	const world = worldOf(args);
	if (args.list) {
		const list = listing(world, helmKeysOf(world));
		return args.json ? `${JSON.stringify(list, null, '\t')}\n` : listText(list);
	}
	const to = args.to ?? fail('the address to connect to is missing: --to IP:PORT', '--to');
	const frames = args.pcap === undefined ? undefined : captureFile();
	const done = apply(
		world,
		{
			kind: 'connect',
			probe: { from: args.from ?? 'host', to, protocol: args.udp ? 'udp' : 'tcp', sport: args.sport },
		},
		{ capture: frames?.capture },
	);
	if ('error' in done) return failWith(done.error, args.scenarioFile ?? world.scenario.id);
	if (frames) writePcap(args.pcap!, frames.file());
	return args.json
		? `${JSON.stringify(report(done.world, done.outcome!), null, '\t')}\n`
		: table(done.world, done.outcome!, await loadWhy('en'));
}

function writePcap(path: string, octets: Uint8Array): void {
	try {
		writeFileSync(path, octets);
	} catch (error) {
		fail(`cannot be written: ${(error as NodeJS.ErrnoException).code ?? error}`, `--pcap ${path}`);
	}
}

// A reader that has seen enough (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
	if (error.code !== 'EPIPE') throw error;
});

try {
	const args = parseArgs(process.argv.slice(2));
	if (args.terminal && args.scenarioFile === undefined)
		process.exitCode = await openTerminal(args.scenario, args.command);
	else process.stdout.write(args.help ? helpText() : await runProbe(args));
} catch (error) {
	if (!(error instanceof UsageError)) throw error;
	process.stderr.write(`lab: ${error.message.replace(/[\s\p{Cc}]*[\n\p{Cc}][\s\p{Cc}]*/gu, ' ')}\n`);
	process.exitCode = 2;
}
