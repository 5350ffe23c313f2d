import type { ExerciseWords } from '../../../src/exercises/index.ts';
import type { ExerciseId } from './index.ts';

export const zh: Record<ExerciseId, ExerciseWords> = {
	'address-snat': {
		title: 'SNAT模式下Pod看到什么',
		question:
			'没有kube-proxy，Cilium的模式为snat，策略为Cluster。Pod运行在{pod}（{podAddress}）上，你敲的是{entry}（{entryAddress}）。Pod看到的源地址是哪个？',
		right: '是{answer}。起决定作用的，是Pod在不在你所敲的那扇门后面。',
		wrong: '在数据包经过的路上，没有一处的源地址是它。从门到Pod，把标签读一遍。',
		hint: '把循环的四行与Pod所在的节点对照一下：哪一行与众不同？',
		misconceptions: {
			'always-kept': 'eBPF本身并不保留地址。Pod在别处，回包必须再经过这扇门，标出的那一步就是为此而做的。',
			'never-kept': 'Pod就在这扇门后面：回包反正要经过这里，所以源地址什么也不用改。',
			'pods-node': 'Pod所在的节点不动源地址。要改写的话，也是在门上改写。',
		},
	},
	'map-entry': {
		title: '用上的那一行',
		question:
			'Cilium {cilium}，两个Pod。这些是{entry}上`cilium bpf lb list`中关于这个服务的行，每行都重复写出了服务地址。你敲的是{entry}：哪一行告诉了程序把你的数据包送到哪里？',
		right: '前端就是你所访问的地址和端口，槽位就是抽中的那一个。',
		wrong: '有两样必须相符：数据包所要的地址和端口，以及它去的那个Pod。',
		hint: '槽位0的行说的是一个服务怎样处理，槽位更大的行说的是一个后端在哪里。',
		misconceptions: {
			surrogate: '0.0.0.0的行是给本节点套接字上的程序用的。从线路上来的数据包，按它带着的地址来查。',
			'cluster-ip': '这一行属于ClusterIP。你的数据包是发往节点自己的地址的。',
			master: '这一行确实读过，而且最先读。它说这里有一个服务，但还没有说是哪个Pod。',
			'other-slot': '前端对了，但抽中的是另一个槽位：跟着数据包走到它的Pod看看。',
		},
	},
	'order-programs': {
		title: '程序的顺序',
		question:
			'Cilium {cilium}，模式为{mode}。你敲的是{entry}，Pod运行在另一个节点上。把各程序按它们在{entry}处理第一个数据包的先后排好。',
		right: '每个尾调用做一件事，再把数据包交给下一个，最后一个把它送出去。',
		wrong: '从头数起，位置正确的有{at}个。对下一个想一想：它要做事，必须先知道什么？',
		hint: '名字会说话：数据包从哪里来，是哪一类，要对它做什么。',
		misconceptions: {
			'egress-first': '查看数据包出去的程序，不可能排在看见它进来的程序前面。',
			'translated-first': '要先找到服务，才会改写地址。',
		},
	},
	'home-door': {
		title: '同一扇门，两套机制',
		question:
			'Pod运行在{pod}上，你敲的是{entry}，策略为Cluster。一次由kube-proxy负责，一次由snat模式的eBPF负责。哪一种会让Pod看到你自己的地址？',
		right: 'kube-proxy在选出Pod之前就打标记，程序则是选出之后才决定。',
		wrong: '对两者都问一问：决定源地址的那一刻，它知道Pod在哪里吗？',
		hint: '上面的对照就有答案：把门和Pod设成题目里的样子。',
		options: {
			both: '两种都会',
			'only-ebpf': '只有eBPF',
			'only-proxy': '只有kube-proxy',
			neither: '两种都不会',
		},
		misconceptions: {
			both: '策略为Cluster时，不管Pod在哪里，kube-proxy都不会让它看到。',
			'only-proxy': '要说也是反过来：总是替换地址的是kube-proxy。',
			'ebpf-always': '在snat模式下，Pod在另一个节点上时，程序同样会替换地址。',
			'mode-forbids': '模式虽然叫snat，程序却只在不得不做的地方做，而这里Pod就在门后。',
		},
	},
	'reply-way': {
		title: '回包走的路',
		question: '模式为{mode}。你敲的是{entry}，Pod运行在{pod}上。回包经过哪些节点？',
		right: '它只去能还原转换的地方，别处都不去。',
		wrong: '谁知道客户端访问的是哪个地址？回包必须经过那里。',
		hint: '找一找回包的源地址在哪一站变成门的地址。',
		options: {
			'pods-node': '只有Pod所在的节点（{pod}）',
			'entry-node': '只有你所敲的节点（{entry}）',
			both: '两个都经过',
		},
		misconceptions: {
			'must-return': '在这种模式下，Pod所在的节点已经知道门的地址，可以自己把它写进回包。',
			'never-direct': 'Pod就在{pod}上：它发出的一切都先经过那里。',
			'direct-anyway': 'Pod看到的访客是门的地址，所以它应答那个节点，而且只有那个节点能把两个地址都还原。',
		},
	},
	'option-bytes': {
		title: '随包同行的东西',
		question:
			'模式为{mode}，协议为{protocol}。你敲的是{entry}，Pod运行在另一个节点上。{entry}把第一个数据包送出去时，它长了多少字节？',
		right: '{answer}个字节：出去时与进来时的长度正好差这么多。',
		wrong: '把数据包进来时的长度与出去时的长度比一比。',
		hint: '先问这种模式对这个协议要不要告诉Pod所在的节点什么。如果要：类型、长度、端口、地址。',
		misconceptions: {
			'address-only': '四个字节是地址。还需要端口，而且IP选项要以类型和长度开头。',
			'address-and-port': '地址和端口是六个字节。IP选项前面还有两个：类型和长度。',
			nothing: 'Pod所在的节点猜不出你敲的是哪扇门，要写在数据包里告诉它。',
			always: '这里没有东西随包同行：源地址被替换，回包自己就会回来。',
		},
	},
	'udp-hybrid': {
		title: 'hybrid，看协议',
		question:
			'模式为hybrid，协议为{protocol}。Pod运行在{pod}上，你敲的是{entry}（{entryAddress}）。Pod看到的源地址是哪个？',
		right: '是{answer}：hybrid对TCP和UDP的处理不同。',
		wrong: '在这个数据包经过的路上，没有一处的源地址是它。',
		hint: '两种协议中，哪一种会让每个数据包都变长？',
		misconceptions: {
			kept: '用TCP时会是它。用UDP时每个数据包都得带上选项，所以hybrid退回SNAT。',
			lost: '用UDP时会是它。用TCP时只有一个数据包带选项，地址保持不变。',
			'pods-node': 'Pod所在的节点从不把自己的地址写到请求上。',
		},
	},
	'local-by-version': {
		title: 'Local，敲错了门',
		question:
			'Cilium {cilium}，没有kube-proxy，externalTrafficPolicy为Local。Pod运行在{pod}上，你敲的是{entry}。curl会得到什么？',
		right: '别的版本又各不相同：关于敲错的门，策略并没有作任何承诺。',
		wrong: '这扇门没有自己的后端。接下来怎样，要看版本。',
		hint: '在1.12中，没有后端的服务就当作没有服务，数据包继续走到节点自己的内核。1.13和1.14在程序里丢弃它，从1.15起由程序应答。',
		options: {
			connected: '得到应答',
			refused: 'Connection refused',
			timeout: '一直等，最后超时',
			unreachable: 'No route to host',
		},
		misconceptions: {
			silent: '在这里沉默的是kube-proxy，还有Cilium 1.13和1.14。在这个版本里会有应答。',
			polite: '在这个版本里，程序在标出的那一步丢弃数据包，谁也没有得到通知。',
			forwarded: '在Local下，不管由谁来做，没有一扇门通往别的节点。',
		},
	},
	'each-door': {
		title: '一扇门一扇门地看',
		question:
			'Cilium 1.12.1，{who}，策略为{policy}，协议为{protocol}。Pod运行在{pod}上。每扇门都敲一遍：各自的应答显示什么？',
		right: '三个问题就能定下来：这扇门后有没有Pod，它能不能转发，由谁来还原回包。',
		wrong: '从头数起，正确的有{at}个。对下一扇门想一想：Pod在不在那里；如果不在，它能不能转发，又以谁的名义。',
		hint: '先找到有Pod的那扇门。其余三扇的结果都一样。',
		options: {
			client: '你的地址',
			door: '门自己的地址',
			refused: '连接被拒绝',
			timeout: '没有应答',
		},
		misconceptions: {
			'home-forgotten': '在Pod自己的门上，这里不需要谁借出名字，所以你的地址保住了。',
			'all-client': '只有在Pod自己的门上地址才保得住。其余的门得另外处理这个数据包。',
			forwarded: '策略为Local时，没有一扇门会把数据包转发到别的节点，不管以谁的名义。',
			silence: '不声不响是kube-proxy的做法。Cilium 1.12把数据包交给节点的内核，由内核拒绝。',
			refusal: '对于不许转发的数据包，kube-proxy并不拒绝，而是不声不响地丢弃。',
		},
	},
	'agents-after': {
		title: '没有地址的agent',
		question:
			'一个没有kube-proxy的新集群。安装Cilium 1.12.1时设了`kubeProxyReplacement=strict`和{k8sServiceHost}。你应用清单，等一会儿，再敲{entry}。curl会得到什么？',
		right: '门是由agent打开的，而它们首先需要API服务器。',
		wrong: '想一想：在有人转换ClusterIP之前，agent能做什么；一个没有人打开的端口，节点又会怎样对待。',
		hint: '没有给地址时，agent会去试API服务器的ClusterIP。在这样新的集群里，由谁来转换它？',
		options: {
			connected: '得到应答',
			refused: 'Connection refused',
			timeout: '一直等，最后超时',
			unreachable: 'No route to host',
		},
		misconceptions: {
			'kernel-has-it': '在以前运行过的集群里也许可以。这个集群的内核里从来没有写进过什么：agent卡在API服务器的地址上。',
			silence: '没有谁丢弃这个数据包。没有程序认识这个端口，于是节点自己的内核应答：这里没有人监听。',
			'needs-proxy': '有了真实的地址，agent不需要别人替它们转换，自己就会把门打开。',
		},
	},
	'lookups-grow': {
		title: '集群变大的时候',
		question:
			'由{who}负责。Pod就在这个节点上，一个客户端向它的NodePort打开一条连接。把第一个数据包在这里的花费加起来：它比对的规则数，加上程序为它在映射里查找的次数。集群从{from}个服务增长到{to}个，这个和增加多少？',
		right: '增加{answer}。列表要一条规则一条规则地走；在映射里，不管还有多少别的条目，键都直接通到它的条目。',
		wrong: '想一想：数据包要把什么一个一个地过一遍，又有什么是按键来查的。',
		hint: '服务在这里存放在什么地方，是一张列表里，还是各自的键下面？如果是列表，NodePort要走到它的哪里才查到？',
		misconceptions: {
			none: '对后续数据包确实如此，conntrack认得它们。第一个数据包却必须在列表里找到它的服务。',
			half: '半张列表，是ClusterIP平均的花费。NodePort在列表里没有自己的位置：查它的规则是最后一条。',
			tree: '要是搜索树，就会多走几步。服务映射是哈希表，一步也不用多走。',
			rows: '映射里确实多了这么多行，每个服务一两行。但程序一次只查一个键，从不把各行走一遍。',
		},
	},
	'all-four-doors': {
		title: '四扇门，你的地址',
		question: '只有一个Pod，策略为Cluster，让四扇门的应答都显示{client}。使用下面的开关，任何做得到的设置都算对。',
		right: '做到了：没有一扇门再借出名字，因为Pod所在的节点直接应答。',
		wrong: '至少有一扇门显示的不是你的地址。列表里写着是哪一扇。',
		hint: '哪几扇门的地址已经对了？要让其余的也对，Pod所在的节点得知道什么？',
		misconceptions: {
			proxy: 'kube-proxy在每扇门都打标记，Pod自己的那扇也不例外。',
			'snat-at-home': '移动Pod，只是把对的那扇门换了个地方。其余的仍然得借出名字。',
		},
	},
};
