"""The Core Business Vocabulary 2.0 (GS1 CBV, also ISO/IEC 19988): its words, and how they are written.

In JSON-LD a word stands bare (`shipping`), in XML as an address (`https://ref.gs1.org/cbv/BizStep-shipping`) or, as in
EPCIS 1.2, as a URN (`urn:epcglobal:cbv:bizstep:shipping`). Inside this program it is the bare word.
"""

from __future__ import annotations

from dataclasses import dataclass


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BIZ_STEPS = _words(
    "accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting "
    "decommissioning departing destroying disassembling dispensing encoding entering_exiting holding "
    "inspecting installing killing loading other packing picking receiving removing repackaging repairing "
    "replacing reserving retail_selling sampling sensor_reporting shipping staging_outbound stock_taking "
    "stocking storing transporting unloading unpacking void_shipping"
)
DISPOSITIONS = _words(
    "active available completeness_inferred completeness_verified conformant container_closed container_open "
    "damaged destroyed dispensed disposed encoded expired in_progress in_transit inactive mismatch_class "
    "mismatch_instance mismatch_quantity needs_replacement no_pedigree_match non_conformant "
    "non_sellable_other partially_dispensed recalled reserved retail_sold returned sellable_accessible "
    "sellable_not_accessible stolen unavailable unknown"
)
TRANSACTION_TYPES = _words("bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt")
PARTY_TYPES = _words("location owning_party possessing_party")
ERROR_REASONS = _words("did_not_occur incorrect_data")
COMPONENTS = _words(
    "altitude axial_distance azimuth easting elevation_angle height latitude longitude northing polar_angle "
    "spherical_radius x y z"
)
MEASUREMENTS = _words(
    "AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Altitude AmountOfSubstance "
    "AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity Area "
    "Capacitance Conductance Conductivity Count Density Dimensionless DoseEquivalent DoseEquivalentRate "
    "DynamicViscosity ElectricCharge ElectricCurrent ElectricCurrentDensity ElectricFieldStrength Energy "
    "Exposure Force Frequency Illuminance Inductance Irradiance KinematicViscosity Length LinearMomentum "
    "Luminance LuminousFlux LuminousIntensity MagneticFlux MagneticFluxDensity MagneticVectorPotential Mass "
    "MassConcentration MassFlowRate MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy MolarMass "
    "MolarVolume Power Pressure RadiantFlux RadiantIntensity Radioactivity RelativeHumidity Resistance "
    "Resistivity SolidAngle SpecificVolume Speed SurfaceDensity SurfaceTension Temperature Time Torque "
    "Voltage Volume VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber"
)
ALERTS = _words("ALARM_CONDITION ERROR_CONDITION")


@dataclass(frozen=True)
class Vocabulary:
    """Words of the standard and the prefixes of their written forms; `web` is the form that is written."""

    words: frozenset[str]
    web: str
    others: tuple[str, ...] = ()

    def word(self, value: str) -> str | None:
        """The bare word of a value in any of its forms; None where it claims to be of the standard and is not.

        An address of somebody else's vocabulary is given back as it is.
        """
        for prefix in (self.web, *self.others):
            if value.startswith(prefix):
                found = value[len(prefix) :]
                return found if found in self.words else None
        if value in self.words:
            return value
        if ":" not in value or value.startswith(OURS):
            return None
        return value

    def address(self, word: str) -> str:
        """The word as XML writes it."""
        return self.web + word if word in self.words else word


CBV = "https://ref.gs1.org/cbv/"
VOC = "https://gs1.org/voc/"
OURS = (CBV, VOC, "urn:epcglobal:cbv:", "https://ns.gs1.org/cbv/", "http://ns.gs1.org/cbv/", "https://www.gs1.org/voc/",
        "http://gs1.org/voc/", "http://www.gs1.org/voc/", "http://ref.gs1.org/cbv/")  # fmt: skip
"""What begins with one of these is a word of the standard, or an error."""


def _cbv(words: frozenset[str], web: str, urn: str) -> Vocabulary:
    """The forms of a list of the CBV."""
    return Vocabulary(words, f"{CBV}{web}-", (f"urn:epcglobal:cbv:{urn}:", f"cbv:{web}-"))


def _gs1(words: frozenset[str]) -> Vocabulary:
    """The forms of a list of the GS1 web vocabulary."""
    return Vocabulary(words, VOC, ("gs1:", "https://www.gs1.org/voc/"))


BIZ_STEP = _cbv(BIZ_STEPS, "BizStep", "bizstep")
DISPOSITION = _cbv(DISPOSITIONS, "Disp", "disp")
TRANSACTION_TYPE = _cbv(TRANSACTION_TYPES, "BTT", "btt")
PARTY_TYPE = _cbv(PARTY_TYPES, "SDT", "sdt")
ERROR_REASON = _cbv(ERROR_REASONS, "ER", "er")
COMPONENT = _cbv(COMPONENTS, "Comp", "comp")
MEASUREMENT = _gs1(MEASUREMENTS)
ALERT = _gs1(ALERTS)
