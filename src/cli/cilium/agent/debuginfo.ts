/**
 * `cilium debuginfo`: what other commands say, in one text. The order of its parts is anything in life (a map of Go's); left out
 * are the agent's environment, its memory map and what its subsystems hold. Source: cilium/cmd/debuginfo.go @ v1.12.1.
 */
import type { Command } from '../../cobra/index.ts';
import type { Call } from '../../tool.ts';
import { asking, endpointsOf } from './context.ts';
import { formatStatus } from './status/index.ts';
import { releaseText } from './version.ts';

/** What the tool prints for other words, errors too. */
export type Ask = (call: Call, words: readonly string[]) => Promise<string>;

const part = (title: string, body: string): string =>
	body === '' ? `\n#### ${title}\n\n` : `\n#### ${title}\n\n\`\`\`\n${body}\n\`\`\`\n\n`;

export const debuginfoCommand = (ask: Ask): Command => ({
	name: 'debuginfo',
	short: 'Request available debugging information from agent',
	flags: [
		{ name: 'file', short: 'f', type: 'bool', usage: 'Redirect output to file(s)' },
		{ name: 'file-per-command', type: 'bool', usage: 'Generate a single file per command' },
		{ name: 'output', type: 'strings', usage: "markdown| html| json| jsonpath='{}'" },
		{
			name: 'output-directory',
			type: 'string',
			usage: 'directory for files (if specified will use directory in which this command was ran)',
		},
	],
	run: asking('', 'debuginfo', async ({ call, flags }, agent) => {
		const directory = flags.text('output-directory');
		if (directory !== '' && !flags.on('file')) {
			call.err(
				`invalid option combination; specified output-directory ${JSON.stringify(directory)}, but did not specify for output to be redirected to file; exiting\n`,
			);
			return 1;
		}
		for (const format of flags.list('output')) {
			if (format === 'markdown') continue;
			if (!/^(?:html|json|jsonpath(?:=.*)?)$/.test(format)) {
				call.err(`${format} is not a valid output format; exiting\n`);
				return 1;
			}
			return `the simulator writes debuginfo as markdown, not as ${format}`;
		}
		if (flags.on('file') || flags.on('file-per-command'))
			return 'the simulator writes debuginfo to its output alone: redirect it';
		const say = (...words: readonly string[]): Promise<string> => ask(call, words);
		const status = formatStatus(agent, { all: true, addresses: true, controllers: true, health: true });
		const lines = [
			'# Cilium debug information\n',
			part('Cilium version', releaseText(agent.state.release)),
			part('Kernel version', agent.ns().kernel),
			`${part('Cilium status', '')}\`\`\`\n${status}\`\`\`\n`,
			`${part('Endpoint list', '')}\`\`\`\n${await say('endpoint', 'list')}\`\`\`\n`,
		];
		for (const { id, identity } of endpointsOf(agent)) {
			const of = String(id);
			lines.push(
				part(`BPF Policy Get ${of}`, await say('bpf', 'policy', 'get', of, '-n')),
				part(`BPF CT List ${of}`, await say('bpf', 'ct', 'list', of)),
				part(`Endpoint Get ${of}`, await say('endpoint', 'get', of)),
				part(`Endpoint Health ${of}`, await say('endpoint', 'health', of)),
				part(`Endpoint Log ${of}`, await say('endpoint', 'log', of)),
				part(`Identity get ${identity}`, await say('identity', 'get', String(identity))),
			);
		}
		lines.push(
			part('Service list', await say('service', 'list')),
			part('Policy get', `:\n ${await say('policy', 'get')}`),
		);
		call.out(`${lines.join('')}\n`);
		return 0;
	}),
});
