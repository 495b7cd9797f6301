// Checks template.yaml by the rules of cfn-guard (Control Tower) and cdk-nag (AwsSolutions). What they find is mended, or stands in waivers.json
// with its reason; a waiver that nothing needs any more fails, too. Both know CloudFormation only, so SAM's functions are translated first:
// nothing else in the template is SAM's, and a function with its own role and without events translates one to one.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Aspects, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AwsSolutionsChecks } from 'cdk-nag';
import { parse } from 'yaml';

const here = import.meta.dirname;
const tags = ['Ref', 'Condition', 'GetAtt', 'Sub', 'Join', 'If', 'Equals', 'Not', 'And', 'Or', 'Contains', 'Select', 'Split'];

/** Short forms of intrinsic functions, of scalars and of lists, into their long forms. */
function intrinsics() {
  return tags.flatMap((name) => {
    const key = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
    const wrap = (value) => ({ [key]: name === 'GetAtt' && typeof value === 'string' ? value.split(/\.(.*)/s, 2) : value });
    return [
      { tag: `!${name}`, resolve: wrap },
      { tag: `!${name}`, collection: 'seq', resolve: (list) => wrap(list.toJSON()) },
    ];
  });
}

function translate(template) {
  const { Transform, Globals, Resources, ...rest } = template;
  for (const parameter of Object.values(rest.Parameters)) if (parameter.Default === '') delete parameter.Default; // stands for "not given"; taken for a value, it is a bad one
  const translated = {};
  for (const [id, resource] of Object.entries(Resources)) {
    if (!resource.Type.startsWith('AWS::Serverless::')) translated[id] = resource;
    else if (resource.Type === 'AWS::Serverless::Function') Object.assign(translated, translateFunction(id, resource, Globals.Function));
    else throw new Error(`${id}: ${resource.Type} is not translated here; write out what it stands for.`);
  }
  return { ...rest, Resources: translated };
}

function translateFunction(id, { Properties: own }, globals) {
  const { CodeUri, EventInvokeConfig, Environment, ...properties } = { ...globals, ...own };
  for (const known of ['Events', 'Policies', 'AutoPublishAlias']) if (known in properties) throw new Error(`${id}: ${known} is not translated here.`);
  const variables = { ...globals.Environment.Variables, ...own.Environment?.Variables };
  const result = { [id]: { Type: 'AWS::Lambda::Function', Properties: { ...properties, Code: { S3Bucket: 'packages', S3Key: 'package.zip' }, Environment: { Variables: variables } } } };
  if (EventInvokeConfig) {
    const { DestinationConfig, ...limits } = EventInvokeConfig;
    const failed = { OnFailure: { Destination: DestinationConfig.OnFailure.Destination } };
    result[`${id}EventInvokeConfig`] = { Type: 'AWS::Lambda::EventInvokeConfig', Properties: { ...limits, DestinationConfig: failed, FunctionName: { Ref: id }, Qualifier: '$LATEST' } };
  }
  return result;
}

/** Rule and logical id of each finding of cdk-nag. */
function nag(path) {
  const findings = [];
  const note = ({ ruleId, resource }) => findings.push({ rule: ruleId, resource: resource.node.id });
  const nothing = () => {};
  const logger = { onCompliance: nothing, onNonCompliance: note, onSuppressed: nothing, onError: note, onSuppressedError: nothing, onNotApplicable: nothing };
  const app = new App({ analyticsReporting: false, outdir: `${path}.out` });
  new CfnInclude(new Stack(app, 'Risk'), 'Template', { templateFile: path });
  Aspects.of(app).add(new AwsSolutionsChecks({ reports: false, additionalLoggers: [logger] }));
  app.synth();
  return findings;
}

/** Rule and logical id of each finding of cfn-guard, from the program and the rules that the validator's package carries. */
function guard(path) {
  const root = join(here, 'node_modules/@cdklabs/cdk-validator-cfnguard');
  const system = process.platform === 'darwin' ? 'macos' : 'ubuntu';
  const program = join(root, 'bin', system, process.arch === 'arm64' ? 'aarch64' : 'x86_64', 'cfn-guard');
  chmodSync(program, 0o755);
  const report = runGuard(program, ['validate', '--data', path, '--rules', join(root, 'rules/control-tower/cfn-guard'), '--output-format', 'json', '--structured', '--show-summary', 'none']);
  return report.flatMap((file) => file.not_compliant).flatMap(({ Rule: { name, checks } }) =>
    [...new Set(JSON.stringify(checks).match(/\/Resources\/\w+/g) ?? [])].map((x) => ({ rule: name, resource: x.split('/')[2] })));
}

/** It exits with 19 when there are findings. */
function runGuard(program, args) {
  try {
    return JSON.parse(execFileSync(program, args, { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] }));
  } catch (error) {
    if (error.status !== 19) throw error;
    return JSON.parse(error.stdout);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'template-'));
try {
  const path = join(folder, 'template.json');
  writeFileSync(path, JSON.stringify(translate(parse(readFileSync(join(here, '../../template.yaml'), 'utf8'), { customTags: intrinsics(), merge: false }))));
  const waivers = JSON.parse(readFileSync(join(here, 'waivers.json'), 'utf8'));
  const found = [...nag(path), ...guard(path)];
  const covers = (waiver, finding) => waiver.rule === finding.rule && (waiver.resources === 'all' || waiver.resources.includes(finding.resource));
  const open = new Set(found.filter((x) => !waivers.some((y) => covers(y, x))).map((x) => `${x.rule}: ${x.resource}`));
  const idle = waivers.flatMap((x) => (x.resources === 'all' ? ['all'] : x.resources)
    .filter((id) => !found.some((y) => y.rule === x.rule && (id === 'all' || y.resource === id))).map((id) => `waivers.json: ${x.rule} of ${id} is not needed`));
  const bare = waivers.filter((x) => !(x.reason?.length > 20)).map((x) => `waivers.json: ${x.rule} has no reason`);
  for (const line of [...[...open].sort(), ...idle, ...bare]) console.log(line);
  console.log(`template: ${found.length} findings, ${open.size} of them open; ${waivers.length} waivers`);
  process.exitCode = open.size + idle.length + bare.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
