/** Images of Kubernetes' and Google's tutorials. */
import { type App, iso, wallClock } from './app.ts';
import { goLog, goServer } from './go.ts';
import { nodeAnswer } from './node.ts';

/** `1.234` of microseconds: what JavaScript makes of thousandths. */
const seconds = (micros: number): string => String(Math.floor(micros / 1000) / 1000);

const javascriptDate = (at: number): string => `${iso(at).slice(0, 23)}Z`;

/**
 * gcr.io/google-samples/kubernetes-bootcamp, jocatalin/kubernetes-bootcamp: server.js in the images v1 and v2, which
 * the tutorials of kubernetes.io print.
 */
export const bootcamp: App = ({ host, tag, env }) => {
	const began = wallClock(host);
	const name = env.HOSTNAME ?? host.hostname;
	let requests = 0;
	return {
		lines: [`Kubernetes Bootcamp App Started At: ${javascriptDate(began)} | Running On:  ${name} `, ''],
		web: {
			listens: [{ port: 8080, protocol: 'TCP' }],
			answer: (request) =>
				nodeAnswer(host, request, {
					headers: ['Content-Type: text/plain'],
					parts: ['Hello Kubernetes bootcamp! | Running on: ', name, ` | v=${tag === 'v2' ? 2 : 1}\n`],
					lines: (at) => [
						`Running On: ${name} | Total Requests: ${++requests} | App Uptime: ${seconds(at - began)} seconds | Log Time: ${javascriptDate(at)}`,
					],
				}),
		},
	};
};

/** GoogleCloudPlatform/kubernetes-engine-samples quickstarts/hello-app/main.go; tag 2.0 has another version's number. */
export const helloApp: App = ({ host, tag, env }) => {
	const port = env.PORT || '8080';
	return {
		lines: [goLog(wallClock(host), `Server listening on port ${port}`)],
		web: {
			listens: [{ port: Number(port), protocol: 'TCP' }],
			answer: (request) =>
				goServer(host, request, (path) => ({
					body: `Hello, world!\nVersion: ${tag.startsWith('2') ? 2 : 1}.0.0\nHostname: ${host.hostname}\n`,
					lines: (at) => [goLog(at, `Serving request: ${path}`)],
				})),
		},
	};
};

/** gcr.io/google-samples/node-hello: GoogleCloudPlatform/nodejs-docs-samples containerengine/hello-world/server.js. */
export const nodeHello: App = ({ host, env }) => ({
	lines: [],
	web: {
		listens: [{ port: Number(env.PORT) || 8080, protocol: 'TCP' }],
		answer: (request) => nodeAnswer(host, request, { headers: [], parts: ['Hello Kubernetes!'] }),
	},
});
