import type { ExerciseWords } from '../../../../src/exercises/index.ts';
import type { en } from './en.ts';

export const zh = {
	'container-count': {
		title: '有多少个容器',
		question:
			'一份配置列出了{planes}个角色为control-plane的节点和{workers}个角色为worker的节点。`docker ps`会为这个集群显示多少个容器？',
		right: '显示{answer}个：每个节点一个；有多个控制平面、需要一个共同地址时，再多一个。',
		wrong: '先数节点。再想想：API服务器有好几个时，客户端到哪里去找它。',
		hint: '不管有几个控制平面，kubeconfig里API服务器的地址都只有一个。',
		misconceptions: {
			'no-balancer':
				'每个节点是一个容器，但控制平面有多个时，得有一个地址代表它们全部：kind会加一个负载均衡器，它不是节点。',
			'always-balancer': '控制平面只有一个时，谁也不用在API服务器之间挑选，所以没有负载均衡器。',
			'workers-only': '控制平面也是节点，每个节点都是一个容器。',
		},
	},
	'address-again': {
		title: '重启之后的地址',
		question: '本页的集群，各节点的地址如上所示。这时有人输入{commands}。{node}现在的地址是什么？',
		right: '{answer}：每当容器启动，Docker就给它最小的空闲地址。',
		wrong: '把命令一条一条过一遍：哪些地址空出来了，谁先来要？',
		hint: '地址属于正在运行的容器，不属于名字。先启动的拿走最小的空闲地址。',
		misconceptions: {
			keeps: '那是它原来的地址。Docker不会替停止的容器留着地址。',
			'next-free': '空出来的地址会重新分配，从最小的开始。',
			host: '那是机器自己在这个网络上的一端。',
		},
	},
	'safe-config': {
		title: '只留给Cilium的配置',
		question:
			'这个文件建成的集群，网络里谁都能访问它的API服务器，并且会安装kube-proxy。请修改它，让Cilium能包办一切，并且只有你自己的机器能访问API服务器。',
		right: '一行把kube-proxy挡在外面，回环地址把其他人挡在外面。',
		wrong: '上面列出的目标还没有全部达到。',
		hint: '要改的都在networking下面。',
		goals: {
			cluster: '集群建成，三个节点都在',
			'no-network': 'kind不安装自己的网络插件',
			'no-proxy': '没有kube-proxy在运行',
			loopback: 'API服务器只发布在回环地址上',
		},
		hints: {
			refused: 'kind拒绝了这个文件。它打印的内容说明了哪一行或哪个值不合意。',
			proxy: '在disableDefaultCNI旁边，有一个键决定Service怎样处理。它的值是一种模式，其中一种模式就是不要。',
			address: '0.0.0.0代表你机器的所有地址。机器对自己来说，地址是什么？',
		},
		misconceptions: {
			'mode-off': '键是对的；它的值有iptables、ipvs和none（较新的版本还有nftables）。',
			'wrong-place': 'kube-proxy是整个集群的事：这个键在networking下面，不在某个节点下面。',
			'a-name': '这里要写地址，不能写名字：Docker不解析名字。',
			'network-on': '这下kind自己的网络插件又回来了。Cilium要做唯一的那个。',
			'only-proxy': 'kube-proxy没有了。API服务器仍然对能访问你机器的所有人开放。',
			'only-address': 'API服务器安全了。kube-proxy仍然会被安装。',
		},
	},
	'port-twice': {
		title: '两个节点，一个端口',
		question:
			'两个节点都要发布自己的80端口，kind做到一半就停了。请修好这个文件：你机器的80端口要通到控制平面的节点，worker的80端口也要发布在某处。',
		right: '一个地址上的一个端口只能有一个主人。换一个端口可以，换一个地址也可以。',
		wrong: '比较一下两个节点各向你的机器要什么。',
		hint: 'hostPort是你机器的端口，containerPort是节点的端口。两者之中只有一个是稀缺的。',
		goals: {
			cluster: '集群建成，两个节点都在',
			plane: '你机器的80端口通到控制平面节点的80端口',
			worker: 'worker的80端口也已发布',
		},
		hints: { taken: 'Docker说了它占不到哪个端口。谁占着？' },
		misconceptions: {
			'container-port': '集群在了，但再没有什么通到worker的80端口。',
			'moved-plane': '你机器的80端口要留给控制平面的节点。',
			'still-twice': '两个节点要的仍是同一个地址的同一个端口。',
		},
	},
	'create-order': {
		title: 'kind create cluster的步骤',
		question: '一份配置有{planes}个控制平面节点和2个worker，{cni}。请按kind执行的先后排列各个步骤。',
		right: '先是容器，然后是其中第一个里的Kubernetes，然后是所有节点都需要的东西，最后其余的加入。',
		wrong: '前{at}步的位置是对的。下一步要干活，先得有什么？',
		hint: '要与API服务器说话的步骤，不会排在启动它的步骤之前；worker加入的是已经在运行的东西。',
		misconceptions: {
			'workers-first': 'worker是加入控制平面的。控制平面得先运行。',
			'image-late': '容器由镜像启动，所以镜像得先在。',
			'config-first': 'kubeadm的配置要写进节点的容器里，所以容器在前。',
		},
	},
	'without-network': {
		title: '没有网络时什么在运行',
		question: '因为没有网络插件，没有一个节点就绪。这时有人输入{commands}，等了一分钟。下面哪些Pod在运行？',
		right: '使用节点网络的Pod在运行；其余的都要等一个网络。',
		wrong: '对每个Pod都问一问：它有自己的网络，还是用节点的网络。',
		hint: '在没有就绪的节点上，控制平面怎么启动得起来？',
		options: { running: '在运行', waiting: '在等待' },
		misconceptions: {
			'nothing-runs': '没有就绪不等于死了。API服务器回答了你，它也是一个Pod：用的是节点的网络。',
			'all-run': '谁来给它们地址？有自己网络的Pod要等一个能建网络的插件。',
			placed: '这个Pod写明了节点，所以不用谁来安排。可要启动，它照样得有自己的网络。',
			'node-network': 'hostNetwork：这个Pod用节点的网络，它一直都在。',
			dns: 'CoreDNS不是控制平面的一部分：它和你的一样是Deployment，它的Pod要有自己的地址。',
			'proxy-waits': 'kube-proxy写的是节点自己的规则，所以用节点自己的网络，它在运行。',
		},
	},
	'misspelt-values': {
		title: '什么也没改变的值',
		question:
			'有人安装Cilium时，除了文件还写了{sets}，想让agent记录详细日志、报告每一个数据包。可是什么也没发生，Helm也没有抱怨。请让这两点真正生效。',
		right: 'Helm什么名字都收。算数的是ConfigMap里写着什么，以及agent启动时读到了什么。',
		wrong: '还缺什么，看上面列出的目标。',
		hint: '看看cilium-config：要改的是哪些键，那里写的是什么？',
		goals: {
			debug: 'cilium-config里，`debug`是`true`',
			aggregation: 'cilium-config里，`monitor-aggregation`是`none`',
			agents: '四个agent都带着这两项运行',
		},
		hints: {
			restart: 'ConfigMap对了。agent什么时候读它？',
			'other-one': '两个里有一个对了。在chart里，开关的名字以`.enabled`结尾，与eBPF程序有关的名字以`bpf.`开头。',
			names:
				'列出chart所有值的`helm show values`，这个实验室里没有。开关的名字以`.enabled`结尾，与eBPF程序有关的名字以`bpf.`开头。不经过Helm，也可以直接改cilium-config里的键。',
		},
		misconceptions: {
			'no-restart': 'ConfigMap对了，agent却还在用启动时读到的内容运行。Helm不会重启它们。',
			'one-left': '两个里有一个到了。另一个的名字，chart仍然不认识。',
			'still-misspelt': '有了一个新的修订版，ConfigMap却还是原样：chart不认识叫这个名字的值。',
		},
	},
	'cli-guess': {
		title: 'cilium install决定了什么',
		question:
			'一个kind集群，`disableDefaultCNI: true`，{mode}。你只输入`cilium install`，别的什么也不写。Cilium会怎么做？',
		right: 'CLI会看看集群；集群决定不了的，就交给默认设置。',
		wrong: '这里要决定两件事：两个节点的Pod怎样互通，以及谁来处理Service。',
		hint: '这两件事里，哪一件看看集群就知道？',
		options: {
			'native-proxy': '两个节点的Pod不经隧道互通；Service归kube-proxy',
			'native-replaced': '两个节点的Pod不经隧道互通；Service归Cilium',
			'vxlan-proxy': '两个节点的Pod通过VXLAN互通；Service归kube-proxy',
			'vxlan-replaced': '两个节点的Pod通过VXLAN互通；Service归Cilium',
		},
		misconceptions: {
			native: '不用隧道，节点之间的网络就得认识Pod。CLI不作这个保证：它用隧道。',
			'nobody-looked': '这个集群里没有kube-proxy，而CLI会去找它。',
			'always-replaces': 'kube-proxy在，CLI就把活留给它。',
		},
	},
	'demo-pods': {
		title: '每个节点一个',
		question: '集群有四个节点，都运行着Cilium。你输入{commands}。最后有多少个cni-demo的Pod在运行？',
		right: '是{answer}个。DaemonSet只在能接收它的Pod的节点上运行。',
		wrong: '先数节点，再问其中哪些会接收这样的Pod。',
		hint: '看看节点的污点，再看看清单容忍什么。',
		misconceptions: {
			'taint-forgotten': '控制平面的节点有一个污点，而清单里没有容忍它的内容。',
			'taint-gone': '把Pod挡在控制平面节点之外的污点，之前已经去掉了。',
			one: 'DaemonSet不看副本数：它在每个愿意接收的节点上运行一个Pod。',
		},
	},
	'mode-line': {
		title: '决定模式的那一行',
		question: '一个处于模式{~from}的集群用{file}升级。下面是之后它的cilium-config里的几行。是哪一行使它成为模式{~to}？',
		right: '其余各行原来就在。',
		wrong: '这一行在两种模式里都有。',
		hint: '把两个值文件并排放着看。',
		misconceptions: {
			'native-routing': '它说的是数据包怎样从节点到节点：不用隧道，靠路由。三种模式都一样。',
			'masquerade-at-all': '它说的是要做地址伪装，三种模式都要做。由谁来做，是另一行。',
			'already-there': '模式2已经有这一行了。',
		},
	},
	'nobody-answers': {
		title: '永远就绪不了的agent',
		question:
			'一个没有kube-proxy的集群。有人按模式2安装了Cilium，让agent到API服务器的ClusterIP去找它。请让四个agent都就绪，不要用kube-proxy。',
		right: '在agent运行之前，没有谁来转换ClusterIP，所以得告诉它们一个不需要转换的地址。',
		wrong: 'agent还是没有就绪。',
		hint: '`cilium status`说缺几个，agent的日志说它在等什么。',
		goals: {
			agents: '四个agent都完成了启动',
			nodes: '四个节点都就绪',
			'no-proxy': '没有kube-proxy',
		},
		hints: {
			proxy: 'kube-proxy能帮上忙，但这里不许用它。',
			log: '看看某个agent的日志：它在试哪个地址？节点里面kubectl自己的配置用的是哪个地址？',
		},
		misconceptions: {
			'gave-up': '应当有四个节点，而且都没有kube-proxy。',
			'ready-nodes': '节点就绪了：容器运行时找到了一份CNI配置。这不等于agent在工作。',
		},
	},
	'two-families': {
		title: '都叫路由的两件事',
		question: 'Cilium 1.12.1以{values}运行。在此之上，每次只多设一个值。每个值改变的是什么？',
		right: '数据包怎样从节点到节点是一个问题，怎样穿过一个节点是另一个问题。',
		wrong: '前{at}个是对的。对下一个问一问：它动的是节点之间的路、穿过一个节点的路，还是都不动？',
		hint: 'BPF主机路由同时要求好几样。这里最后缺的、或者最先失去的，是哪一样？',
		options: {
			between: '数据包怎样从节点到节点',
			host: '是否经过节点的网络栈',
			neither: '两者都不是',
		},
		misconceptions: {
			'one-thing': '通往其他节点Pod的路由是原生路由。数据包怎样穿过一个节点，是另一回事。',
			'masquerade-only': '由BPF做地址伪装是BPF主机路由的条件之一，在这个集群里正是它在起决定作用。',
			'tunnel-in-host': '隧道是节点之间的路。BPF主机路由有它没它都行。',
			'legacy-between': '这个值里写着host：说的是穿过一个节点的路。',
		},
	},
	'value-column': {
		title: '值在第几列',
		question:
			'你往cilium-config里加一个有{length}个字符的键{key}。然后`cilium config view`重新打印列表。每一行里，值前面有多少个字符？',
		right: '{answer}个：最长的键之后再空四格，不管最长的是哪个。',
		wrong: '找出加完之后最长的键。',
		hint: '在上面的列表里数：最长的键，以及它后面的空格。',
		misconceptions: {
			fixed: '那是现在的位置。这一列跟着最长的键走。',
			'no-padding': '最长的键与它的值之间还有几个空格。',
			'always-moves': '这一列跟着最长的键走，而列表里有一个比你的还长。',
		},
	},
	'date-cli': {
		title: '这个CLI有多老',
		question:
			'几份故障报告各引了一行`cilium status`，空格都保持原样。这些集群都正常，而且一模一样；CLI有{old}、{middle}和{new}。三者之中，最早会打印出这种标签、这种列位置的是哪一个？',
		right: '标签说明这个版本认识哪些行。列位置说明最长的标签是哪一个，而那个标签不一定被引用。',
		wrong: '前{at}行是对的。数一数下一行的空格：值位于本块最长的标签之后四个空格处。',
		hint: '有两块，各有自己的列：图案旁边的概要，和下面的细节。哪个标签是哪个版本带来的？它是不是本块里最长的？',
		options: { old: '{old}', middle: '{middle}', new: '{new}' },
		misconceptions: {
			renamed: '这一行后来改了名：它说的一直是relay，现在名字里也写明了。',
			'label-only': '三个版本都有这个标签，列位置却不同：这里的块里有一个比ClusterMesh更长的标签。',
			chart: '只有通过Helm安装的CLI才会去找Helm的release。',
			'too-narrow': '较新的版本里，这一块有更长的标签，所有的值都往右移了。',
			'other-block': '把下面的细节单独看成一块：比Image versions更长的标签出现之后，它的列才变了。',
		},
	},
	'from-nothing': {
		title: '从无到有，四个节点',
		question:
			'现在没有集群。请建一个四节点的集群，全部就绪，Cilium处于三种模式之一。选哪一种由你决定；用更新的Cilium也欢迎。',
		right: '四个节点，四个agent，处理Service的只有一方。',
		wrong: '还缺什么，看上面列出的目标。',
		hint: '两条命令就够了。本课的文件在你的主目录里。',
		goals: {
			nodes: '集群有四个节点',
			agents: 'Cilium的agent在四个节点上都完成了启动',
			ready: '四个节点都就绪',
			mode: '处理Service的要么是kube-proxy，要么是Cilium，不能两个都是，也不能没有',
		},
		hints: {
			nothing: 'kind按配置建集群。看看你手上有哪些文件。',
			count: '看看配置列出的角色：需要四个。',
			'no-cilium': '节点都在，等着一个网络插件。',
			agents: 'Cilium装好了，但不是每个agent都就绪。`cilium status`怎么说？',
			both: '这里由谁处理Service？把DaemonSet与cilium-config里的kube-proxy-replacement对照一下。',
		},
		misconceptions: {
			kindnet: 'kind装了它自己的网络插件。Cilium要做唯一的那个：请在配置里说明。',
			'not-ready': '节点都在，没有网络插件，它们就一直是NotReady。',
			'no-api': '没有kube-proxy，也没有人告诉agent API服务器在哪里；或者告诉的名字或地址不属于这个集群。',
			both: 'kube-proxy在运行，Cilium同时也取代了它。能用，但到底是谁在干活，就难说了。',
		},
	},
} satisfies Record<keyof typeof en, ExerciseWords>;
