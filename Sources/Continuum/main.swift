import App

await ContinuumCommand.start()
