/** The image of the agent: its init containers' scripts, and the agent itself. */
import { MILLISECOND, SECOND } from '../../time.ts';
import { logrus } from '../log.ts';
import type { Program, ProgramContext } from '../program.ts';
import { startAgent } from './agent.ts';
import { connectApi } from './connect-api.ts';

/** `cilium build-config`: reads cilium-config over the API before the agent may start (1.13 and later). */
function buildConfig(context: ProgramContext): void {
	context.log('Running');
	connectApi(
		context,
		() => {
			context.log(
				logrus('info', 'Reading configuration from config-map:kube-system/cilium-config', {
					subsys: 'option-resolver',
				}),
			);
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
		if (name === 'install-plugin.sh')
			context.log('Installing cilium-cni to /host/opt/cni/bin/ ...\nwrote /host/opt/cni/bin/cilium-cni');
		context.after(context.between(80 * MILLISECOND, SECOND / 2, 'init'), () => context.exit(0));
		return undefined;
	},
};
