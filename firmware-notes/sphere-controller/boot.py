"""Runs once, before USB starts: under this name the controller is found."""

import supervisor
import usb_midi

supervisor.set_usb_identification(manufacturer="Sonic Weaver", product="Sphere Controller")
usb_midi.set_names(streaming_interface_name="Sphere Controller", in_jack_name="Spheres", out_jack_name="Spheres")
