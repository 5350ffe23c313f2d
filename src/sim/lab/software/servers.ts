/** Programs that listen and are well as soon as they do. */
import { MILLISECOND, SECOND } from '../time.ts';
import type { Listening, Program } from './program.ts';

/** A number after one of these flags: `--http-port=8080`, `-p 8080`. */
const flagValue = (argv: readonly string[], ...names: readonly string[]): string | undefined => {
	for (const [i, word] of argv.entries())
		for (const name of names) {
			if (word === name) return argv[i + 1];
			if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
		}
	return undefined;
};

const portIn = (text: string | undefined): number | undefined => {
	const port = Number(text?.slice(text.lastIndexOf(':') + 1));
	return Number.isInteger(port) && port > 0 && port < 65536 ? port : undefined;
};

/** test/images/agnhost @ v1.24.0: the subcommands the course may meet. */
function agnhost(argv: readonly string[]): readonly Listening[] {
	const at = argv.findIndex((word) => !word.includes('agnhost'));
	const port = (flag: string, otherwise: number) => portIn(flagValue(argv, flag)) ?? otherwise;
	switch (argv[at]) {
		case 'netexec':
			return [
				{ port: port('--http-port', 8080), protocol: 'TCP' },
				{ port: port('--udp-port', 8081), protocol: 'UDP' },
			];
		case 'serve-hostname':
			return [{ port: port('--port', 9376), protocol: 'TCP' }];
		case 'liveness':
			return [{ port: 8080, protocol: 'TCP' }];
		case 'porter':
			return [];
		default:
			return [];
	}
}

/** `ports` as the image has them; a command line or environment that says otherwise wins. */
export const server = (ports: readonly Listening[] | 'agnhost', argv: readonly string[] = ['server']): Program => ({
	entrypoint: argv,
	stops: [100 * MILLISECOND, 900 * MILLISECOND],
	listens: (container, words) => {
		if (ports === 'agnhost') return agnhost(words);
		const asked = portIn(
			flagValue(words, '--port', '-port', '-listen', '--listen', '-p') ??
				container.env?.find((v) => /^(?:HTTP_)?(?:PORT|WHOAMI_PORT_NUMBER)$/.test(v.name))?.value,
		);
		return asked === undefined || ports.length === 0 ? ports : [{ ...ports[0]!, port: asked }, ...ports.slice(1)];
	},
	...(ports === 'agnhost' ? { lively: true } : {}),
	listensOnly: ports !== 'agnhost' && ports.length > 0,
	start(context) {
		context.after(context.between(50 * MILLISECOND, SECOND, 'start'), context.healthy);
	},
});
