/** `kubectl options`: flags that every command takes. Source: cli-runtime pkg/genericclioptions/config_flags.go @ v0.24.0. */
import type { Flag } from '../cobra/index.ts';

const text = (name: string, usage: string, short?: string, value?: string): Flag => ({
	name,
	type: 'string',
	usage,
	...(short ? { short } : {}),
	...(value ? { default: value } : {}),
});

const OF_KLOG =
	'will be removed in a future release, see https://github.com/kubernetes/enhancements/tree/master/keps/sig-instrumentation/2845-deprecate-klog-specific-flags-in-k8s-components';
/**
 * Where klog writes its lines. kubectl writes few, and all to standard error, so these change nothing that is seen;
 * 1.26 has them no more (component-base logs/api/v1/options.go, k8s.io/klog v2 klog.go).
 */
const klog = (name: string, type: 'bool' | 'string' | 'int', usage: string, value?: string): Flag => ({
	name,
	type,
	usage: `${usage} (DEPRECATED: ${OF_KLOG})`,
	deprecated: OF_KLOG,
	...(value ? { default: value } : {}),
});

const KLOG_FLAGS: readonly Flag[] = [
	klog('add-dir-header', 'bool', 'If true, adds the file directory to the header of the log messages'),
	klog('alsologtostderr', 'bool', 'log to standard error as well as files'),
	klog('log-backtrace-at', 'string', 'when logging hits line file:N, emit a stack trace', ':0'),
	klog('log-dir', 'string', 'If non-empty, write log files in this directory'),
	klog('log-file', 'string', 'If non-empty, use this log file'),
	klog(
		'log-file-max-size',
		'int',
		'Defines the maximum size a log file can grow to. Unit is megabytes. If the value is 0, the maximum file size is unlimited.',
		'1800',
	),
	klog('logtostderr', 'bool', 'log to standard error instead of files', 'true'),
	klog('one-output', 'bool', 'If true, only write logs to their native severity level'),
	klog('skip-headers', 'bool', 'If true, avoid header prefixes in the log messages'),
	klog('skip-log-headers', 'bool', 'If true, avoid headers when opening log files'),
	klog('stderrthreshold', 'string', 'logs at or above this threshold go to stderr', '2'),
];

export const GLOBAL_FLAGS: readonly Flag[] = [
	text(
		'as',
		'Username to impersonate for the operation. User could be a regular user or a service account in a namespace.',
	),
	{
		name: 'as-group',
		type: 'array',
		usage: 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups.',
	},
	text('as-uid', 'UID to impersonate for the operation.'),
	{ name: 'cache-dir', type: 'string', default: '/home/learner/.kube/cache', usage: 'Default cache directory' },
	text('certificate-authority', 'Path to a cert file for the certificate authority'),
	text('client-certificate', 'Path to a client certificate file for TLS'),
	text('client-key', 'Path to a client key file for TLS'),
	text('cluster', 'The name of the kubeconfig cluster to use'),
	text('context', 'The name of the kubeconfig context to use'),
	{
		name: 'insecure-skip-tls-verify',
		type: 'bool',
		usage:
			"If true, the server's certificate will not be checked for validity. This will make your HTTPS connections insecure",
	},
	text('kubeconfig', 'Path to the kubeconfig file to use for CLI requests.'),
	{
		name: 'log-flush-frequency',
		type: 'duration',
		default: '5s',
		usage: 'Maximum number of seconds between log flushes',
	},
	{ name: 'match-server-version', type: 'bool', usage: 'Require server version to match client version' },
	text('namespace', 'If present, the namespace scope for this CLI request', 'n'),
	text('password', 'Password for basic authentication to the API server'),
	text(
		'profile',
		'Name of profile to capture. One of (none|cpu|heap|goroutine|threadcreate|block|mutex)',
		undefined,
		'none',
	),
	text('profile-output', 'Name of the file to write the profile to', undefined, 'profile.pprof'),
	{
		name: 'request-timeout',
		type: 'string',
		default: '0',
		usage:
			"The length of time to wait before giving up on a single server request. Non-zero values should contain a corresponding time unit (e.g. 1s, 2m, 3h). A value of zero means don't timeout requests.",
	},
	text('server', 'The address and port of the Kubernetes API server', 's'),
	text(
		'tls-server-name',
		'Server name to use for server certificate validation. If it is not provided, the hostname used to contact the server is used',
	),
	text('token', 'Bearer token for authentication to the API server'),
	text('user', 'The name of the kubeconfig user to use'),
	text('username', 'Username for basic authentication to the API server'),
	{ name: 'v', short: 'v', type: 'int', default: '0', usage: 'number for the log level verbosity' },
	text('vmodule', 'comma-separated list of pattern=N settings for file-filtered logging'),
	{
		name: 'warnings-as-errors',
		type: 'bool',
		usage: 'Treat warnings received from the server as errors and exit with a non-zero exit code',
	},
	...KLOG_FLAGS,
];
