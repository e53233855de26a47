// What becomes of the preference to give up neither size nor movement.
export default async function ({ peer, outcome }) {
  const { sender } = peer().addTransceiver('video');
  const parameters = sender.getParameters();
  parameters.degradationPreference = 'maintain-framerate-and-resolution';
  return outcome(sender.setParameters(parameters));
}
