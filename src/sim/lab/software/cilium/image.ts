/** The image of the agent: its init containers' scripts, and the agent itself. */

import { peoplesContainers } from '../../containers/later.ts';
import { minorOf } from '../../machine/node-images.ts';
import { MILLISECOND, SECOND } from '../../time.ts';
import type { Program, ProgramContext } from '../program.ts';
import { startAgent } from './agent.ts';
import { versionOfImage } from './agent-config.ts';
import { connectApi } from './connect-api.ts';
import { say } from './say.ts';

/** `cilium build-config`: reads cilium-config over the API before the agent may start (1.13 and later). */
function buildConfig(context: ProgramContext): void {
	context.log('Running');
	connectApi(
		context,
		'configClient',
		() => {
			const configSource = `config-map:${context.pod.metadata.namespace}/cilium-config`;
			const slog = minorOf(versionOfImage(context.container.image)) >= 18;
			say(context, 'info', 'config', `Reading configuration from ${slog ? 'source' : configSource}`, { configSource });
			context.after(context.between(100 * MILLISECOND, 500 * MILLISECOND, 'config'), () => context.exit(0));
		},
		(error) => {
			context.log(`Error: Build config failed: failed to start: failed to create k8s client: ${error}`);
			context.exit(1);
		},
	);
}

export const ciliumImage: Program = {
	closed: true,
	entrypoint: ['cilium-agent'],
	stops: [400 * MILLISECOND, 900 * MILLISECOND],
	start(context) {
		const [command = '', sub = ''] = context.argv;
		const name = command.slice(command.lastIndexOf('/') + 1);
		if (name === 'cilium-agent') return startAgent(context);
		if ((name === 'cilium' || name === 'cilium-dbg') && sub === 'build-config') {
			context.after(context.between(100 * MILLISECOND, 400 * MILLISECOND, 'start'), () => buildConfig(context));
			return undefined;
		}
		if (name === 'install-plugin.sh') {
			context.log('Installing cilium-cni to /host/opt/cni/bin/ ...\nwrote /host/opt/cni/bin/cilium-cni');
			peoplesContainers()?.installPlugin(context.cluster, context.machine, 'cilium-cni');
		}
		context.after(context.between(80 * MILLISECOND, SECOND / 2, 'init'), () => context.exit(0));
		return undefined;
	},
};
