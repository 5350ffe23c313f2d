/** `npm start [-- --port N] [--base /x/y/] [--no-build]`: build when needed, then serve the site on this machine. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSite, DIST, isStale, serve } from '../shared/index.ts';

const { values } = parseArgs({
	options: {
		port: { type: 'string' },
		base: { type: 'string', default: '/' },
		'no-build': { type: 'boolean', default: false },
	},
});
const port = values.port === undefined ? 4321 : Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
	console.error(`--port ${values.port}: not a port number (0 to 65535)`);
	process.exit(2);
}
if (!values['no-build'] && isStale()) {
	const code = await buildSite();
	if (code !== 0) process.exit(code);
}
if (!statSync(join(DIST, 'index.html'), { throwIfNoEntry: false })) {
	console.error('There is no built site yet: leave --no-build out, or run `npm run build` first.');
	process.exit(1);
}
const site = await serve({ root: DIST, base: values.base, port, search: values.port === undefined }).catch((error) => {
	console.error(String(error.message ?? error));
	process.exit(1);
});
console.log(`\nPacketwalk is at ${site.url}\nCtrl+C stops it.`);
for (const name of ['SIGINT', 'SIGTERM'] as const) {
	process.on(name, () => {
		void site.close().then(() => process.exit(0));
	});
}
