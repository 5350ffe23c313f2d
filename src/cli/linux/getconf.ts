/** getconf (glibc posix/getconf.c @ 2.35): what the system says of itself. */
import type { Call } from '../tool.ts';
import { CPUS, MEMORY, memoryOf } from './hardware.ts';

const USAGE = 'Usage: getconf [-v specification] variable_name [pathname]\n       getconf -a [pathname]\n';

/** KiB of a page. */
const PAGE = 4;

/** Of sysconf(3) and limits.h on x86-64, those that depend on no machine. */
const SYSTEM: Readonly<Record<string, string>> = Object.fromEntries(
	'ARG_MAX=2097152 _POSIX_ARG_MAX=2097152 ATEXIT_MAX=2147483647 CHAR_BIT=8 CHAR_MAX=127 CHAR_MIN=-128 CLK_TCK=100 INT_MAX=2147483647 INT_MIN=-2147483648 IOV_MAX=1024 UIO_MAXIOV=1024 LOGNAME_MAX=256 LOGIN_NAME_MAX=256 HOST_NAME_MAX=64 LONG_BIT=64 WORD_BIT=32 MB_LEN_MAX=16 NGROUPS_MAX=65536 NZERO=20 PAGESIZE=4096 PAGE_SIZE=4096 PASS_MAX=8192 PTHREAD_KEYS_MAX=1024 PTHREAD_STACK_MIN=16384 PTHREAD_DESTRUCTOR_ITERATIONS=4 PTHREAD_THREADS_MAX=undefined SCHAR_MAX=127 SCHAR_MIN=-128 SHRT_MAX=32767 SHRT_MIN=-32768 SSIZE_MAX=32767 UCHAR_MAX=255 UINT_MAX=4294967295 ULONG_MAX=18446744073709551615 USHRT_MAX=65535 TTY_NAME_MAX=32 TZNAME_MAX=undefined STREAM_MAX=16 SYMLOOP_MAX=undefined RTSIG_MAX=32 SEM_VALUE_MAX=2147483647 DELAYTIMER_MAX=2147483647 MQ_PRIO_MAX=32768 LINE_MAX=2048 RE_DUP_MAX=32767 EXPR_NEST_MAX=32 BC_BASE_MAX=99 BC_DIM_MAX=2048 BC_SCALE_MAX=99 BC_STRING_MAX=1000 COLL_WEIGHTS_MAX=255 CHARCLASS_NAME_MAX=2048 PATH=/bin:/usr/bin CS_PATH=/bin:/usr/bin _POSIX_VERSION=200809 POSIX2_VERSION=200809 _XOPEN_VERSION=700 _POSIX_THREADS=200809 _POSIX_JOB_CONTROL=1 _POSIX_SAVED_IDS=1'
		.split(' ')
		.map((row) => row.split('=') as [string, string]),
);

/** Of pathconf(3), on ext4 and overlays of it. */
const OF_PATHS: Readonly<Record<string, string>> = {
	FILESIZEBITS: '64',
	LINK_MAX: '65000',
	MAX_CANON: '255',
	MAX_INPUT: '255',
	NAME_MAX: '255',
	PATH_MAX: '4096',
	PIPE_BUF: '4096',
};

/** What glibc knows besides: standards, caches, compilers' flags. */
const MORE =
	/^_?(?:POSIX|XBS5|XOPEN|LEVEL[1-4]_|LFS|GNU_|AIO_|NL_|NSS_|SYMLINK_MAX$|EQUIV_CLASS|MQ_OPEN|SEM_NSEMS|SIGQUEUE_MAX$|TIMER_MAX$|T_IOV|REGEX|IPV6$|RAW_SOCKETS$|SOCK_MAXBUF$|CHILD_MAX$|OPEN_MAX$)/;

const known = (call: Call, name: string): string | undefined => {
	switch (name) {
		case '_NPROCESSORS_CONF':
		case '_NPROCESSORS_ONLN':
			return String(CPUS);
		case '_PHYS_PAGES':
			return String(Math.floor(MEMORY / PAGE));
		case '_AVPHYS_PAGES':
			return String(Math.floor(memoryOf(call.lab).free / PAGE));
		default:
			return Object.hasOwn(SYSTEM, name) ? SYSTEM[name] : undefined;
	}
};

export async function getconf(call: Call): Promise<number> {
	const say = (text: string, code: number): number => {
		call.err(text);
		return code;
	};
	const words = [...call.args];
	if (/^-v/.test(words[0] ?? '')) {
		const first = words.shift()!;
		const specification = first.length > 2 ? first.slice(2) : words.shift();
		if (specification === undefined) return say(USAGE, 2);
		if (!/^(?:XBS5|POSIX_V[67])_LP64_OFF64$/.test(specification))
			return say(`getconf: the simulator has no other specification than POSIX_V7_LP64_OFF64 and its like\n`, 1);
	}
	const [name, path, ...rest] = words;
	if (name === '-a') return say('getconf: the simulator answers for one name at a time, not -a\n', 1);
	if (name === undefined || rest.length > 0) return say(USAGE, 2);
	if (Object.hasOwn(OF_PATHS, name)) {
		if (path === undefined) return say(USAGE, 2);
		call.out(`${OF_PATHS[name]}\n`);
		return 0;
	}
	const value = known(call, name);
	if (value === undefined)
		return MORE.test(name)
			? say(`getconf: the simulator does not have '${name}'\n`, 1)
			: say(`getconf: Unrecognized variable \`${name}'\n`, 2);
	if (path !== undefined) return say(USAGE, 2);
	call.out(`${value}\n`);
	return 0;
}
